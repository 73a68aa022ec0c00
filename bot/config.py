"""Settings, read once from a mapping. Every wrong or missing one is named together; no value is ever shown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from bot.domain.errors import SettingsWrong

TOKEN = re.compile(r"\d{3,}:[A-Za-z0-9_-]{20,}")
_KNOWN = """BOT_STATE_DIR BOT_LISTEN BOT_COUNCIL BOT_KNOWLEDGE BOT_DATABASE_URL BOT_TELEGRAM_TOKEN BOT_TELEGRAM_API
    BOT_WEBHOOK_URL BOT_WEBHOOK_SECRET BOT_SECRET_KEY BOT_SMTP_URL BOT_MAIL_FROM BOT_OWNER_EMAIL BOT_NOTIFY_KEY
    BOT_NOTIFY_API BOT_PUBLIC_URL BOT_NAME BOT_LOG_LEVEL BOT_MODE BOT_ENV_FILE"""
KNOWN = frozenset(_KNOWN.split())


class Secret:
    """A value that does not show itself."""

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        return self._value

    def __repr__(self) -> str:
        return "Secret('**********')"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)


@dataclass(frozen=True, slots=True)
class Settings:
    """What the environment says. Paths are as given, not yet made."""

    state_dir: Path
    host: str = "127.0.0.1"
    port: int = 8080
    council: str | None = None
    knowledge: Path | None = None
    database_url: str | None = field(default=None, repr=False)  # may hold a password
    telegram_token: Secret | None = None
    telegram_api: str | None = None
    secret_key: Secret | None = None
    public_url: str | None = None  # where people reach the web chat
    name: str = "Waymark"
    log_level: str = "INFO"
    mode: str = "on"

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> Settings:
        """Raises SettingsWrong naming every setting that is wrong, with what it should be."""
        environ, faults = _with_file(environ)
        values = {k: v.strip() for k, v in environ.items() if k.startswith("BOT_") and v.strip()}
        faults += [f"{k}: there is no such setting; the known ones are in the README" for k in values if k not in KNOWN]
        host, port = _listen(values.get("BOT_LISTEN", "127.0.0.1:8080"), faults)
        knowledge = Path(values["BOT_KNOWLEDGE"]) if "BOT_KNOWLEDGE" in values else None
        if knowledge is not None and not _is_folder(knowledge):
            faults.append("BOT_KNOWLEDGE: there is no such folder; name one that holds *.yaml files")
        token = values.get("BOT_TELEGRAM_TOKEN")
        if token is not None and not TOKEN.fullmatch(token):
            faults.append("BOT_TELEGRAM_TOKEN: not a bot token; BotFather gives one like 123456789:AA…")
        mode = values.get("BOT_MODE", "on")
        if mode not in ("on", "helplines"):
            faults.append("BOT_MODE: must be on or helplines")
        level = values.get("BOT_LOG_LEVEL", "INFO").upper()
        if level not in ("DEBUG", "INFO", "WARNING", "ERROR"):
            faults.append("BOT_LOG_LEVEL: must be DEBUG, INFO, WARNING or ERROR")
        if len(values.get("BOT_NAME", "")) > 40:
            faults.append("BOT_NAME: too long; at most 40 characters")
        if len(key := values.get("BOT_SECRET_KEY", "x" * 32)) < 32:
            faults.append("BOT_SECRET_KEY: too short; at least 32 characters, for example from: openssl rand -hex 32")
        _addresses(values, faults)
        state_dir = _state_dir(environ, faults)
        if faults:
            raise SettingsWrong(faults)
        return cls(
            state_dir=state_dir,
            host=host,
            port=port,
            council=values.get("BOT_COUNCIL"),
            knowledge=knowledge,
            database_url=values.get("BOT_DATABASE_URL"),
            telegram_token=Secret(token) if token else None,
            telegram_api=values.get("BOT_TELEGRAM_API"),
            secret_key=Secret(key) if "BOT_SECRET_KEY" in values else None,
            public_url=values.get("BOT_PUBLIC_URL"),
            name=values.get("BOT_NAME", "Waymark"),
            log_level=level,
            mode=mode,
        )


def _with_file(environ: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """The environment over the lines of BOT_ENV_FILE (`NAME=value`)."""
    if not (path := environ.get("BOT_ENV_FILE")):
        return dict(environ), []
    try:
        lines = Path(path).read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return dict(environ), ["BOT_ENV_FILE: cannot be read; name a text file of NAME=value lines"]
    found, faults = {}, []
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        name, equals, value = line.removeprefix("export ").partition("=")
        if not equals:
            faults.append(f"BOT_ENV_FILE: line {number} is not NAME=value")
        found[name.strip()] = value.strip().strip("'\"")
    return {**found, **environ}, faults


def _listen(value: str, faults: list[str]) -> tuple[str, int]:
    host, _, port = value.rpartition(":")
    if not host or not re.fullmatch(r"[0-9]{1,5}", port) or int(port) > 65535:
        faults.append("BOT_LISTEN: must be address:port, like 127.0.0.1:8080")
        return "127.0.0.1", 8080
    return host.strip("[]"), int(port)


def _addresses(values: Mapping[str, str], faults: list[str]) -> None:
    addresses = ("BOT_TELEGRAM_API", "BOT_PUBLIC_URL", "BOT_WEBHOOK_URL", "BOT_NOTIFY_API")
    faults += [
        f"{name}: must be an address that begins with http:// or https://"
        for name in addresses
        if name in values and not is_address(values[name])
    ]
    if "BOT_TELEGRAM_API" in values and "BOT_TELEGRAM_TOKEN" not in values:
        faults.append("BOT_TELEGRAM_TOKEN: missing, though BOT_TELEGRAM_API is set")
    if "BOT_WEBHOOK_URL" in values:
        faults.append("BOT_WEBHOOK_URL: webhooks are not built yet; leave it out, and Telegram is long-polled")
    url = values.get("BOT_DATABASE_URL", "sqlite:///")
    if url.startswith("postgres"):
        faults.append("BOT_DATABASE_URL: PostgreSQL is not built yet; leave it out, and SQLite is used")
    elif "BOT_DATABASE_URL" in values and not re.fullmatch(r"sqlite(\+aiosqlite)?:///(?!:memory:)[^?]+", url):
        faults.append("BOT_DATABASE_URL: must be sqlite:/// and the path of a file")


def is_address(value: str) -> bool:
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False


def _state_dir(environ: Mapping[str, str], faults: list[str]) -> Path:
    if given := environ.get("BOT_STATE_DIR", "").strip():
        return Path(given)
    base = environ.get("XDG_STATE_HOME", "").strip()
    try:
        return (Path(base) if base else Path(environ.get("HOME") or Path.home()) / ".local" / "state") / "waymark"
    except RuntimeError:
        faults.append("BOT_STATE_DIR: missing, and there is no home folder to put it in; name a folder")
        return Path()
