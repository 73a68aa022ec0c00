"""Settings are read once; all that is wrong is named together, and no value is ever shown."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.config import KNOWN, Secret, Settings
from bot.domain.errors import SettingsWrong

TOKEN = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
HOME = {"HOME": "/home/asha"}

WRONG: Mapping[str, str] = {
    "BOT_LISTEN": "SHOWN-1",
    "BOT_KNOWLEDGE": "/SHOWN-2",
    "BOT_TELEGRAM_TOKEN": "SHOWN-3",
    "BOT_MODE": "SHOWN-4",
    "BOT_LOG_LEVEL": "SHOWN-5",
    "BOT_NAME": "SHOWN-6" * 9,
    "BOT_SECRET_KEY": "SHOWN-7",
    "BOT_TELEGRAM_API": "SHOWN-8",
    "BOT_PUBLIC_URL": "http://[SHOWN-9",
    "BOT_DATABASE_URL": "mysql://root:SHOWN-10@host/db",
    "BOT_WEBHOOK_URL": "SHOWN-11",
    "BOT_NOTIFY_API": "ftp://SHOWN-12",
}


def faults(environ: Mapping[str, str]) -> list[str]:
    with pytest.raises(SettingsWrong) as wrong:
        Settings.read({**HOME, **environ})
    return wrong.value.faults


def test_no_settings_at_all_are_enough() -> None:
    settings = Settings.read(HOME)

    assert (settings.host, settings.port, settings.mode) == ("127.0.0.1", 8080, "on")
    assert settings.state_dir == Path("/home/asha/.local/state/waymark")
    assert settings.telegram_token is None


def test_every_wrong_setting_is_named_at_once_and_no_value_is_shown() -> None:
    found = faults(WRONG)

    assert {fault.partition(":")[0] for fault in found} == set(WRONG)
    assert "SHOWN" not in "".join(found)


def test_a_setting_that_does_not_exist_is_named() -> None:
    (fault,) = faults({"BOT_TELEGRAM_TOKN": TOKEN})

    assert fault.startswith("BOT_TELEGRAM_TOKN:")
    assert TOKEN not in fault


def test_an_empty_setting_is_one_that_is_not_set() -> None:
    assert Settings.read({**HOME, "BOT_MODE": "  ", "BOT_TELEGRAM_TOKN": ""}).mode == "on"


def test_what_is_secret_does_not_show_itself() -> None:
    settings = Settings.read(
        {
            **HOME,
            "BOT_TELEGRAM_TOKEN": TOKEN,
            "BOT_SECRET_KEY": "k" * 32,
            "BOT_DATABASE_URL": "sqlite:////srv/p4ss/waymark.db",
        }
    )

    assert repr(settings.telegram_token) == "Secret('**********')"
    for hidden in (TOKEN, "k" * 32, "p4ss"):
        assert hidden not in repr(settings) + str(settings.telegram_token) + f"{settings.secret_key}"
    assert settings.telegram_token == Secret(TOKEN)


@pytest.mark.parametrize(
    ("listen", "host", "port"),
    [("0.0.0.0:80", "0.0.0.0", 80), ("[::1]:8080", "::1", 8080), ("localhost:0", "localhost", 0)],
)
def test_listen_is_an_address_and_a_port(listen: str, host: str, port: int) -> None:
    settings = Settings.read({**HOME, "BOT_LISTEN": listen})

    assert (settings.host, settings.port) == (host, port)


@pytest.mark.parametrize(
    "listen", ["8080", ":8080", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:65536", "127.0.0.1:²", "x:-1"]
)
def test_a_wrong_listen_is_refused(listen: str) -> None:
    assert faults({"BOT_LISTEN": listen})[0].startswith("BOT_LISTEN:")


@pytest.mark.parametrize("url", ["sqlite:///", "sqlite:///:memory:", "sqlite://x", "sqlite:///a?mode=memory", "x"])
def test_a_database_that_would_not_outlive_the_process_is_refused(url: str) -> None:
    assert faults({"BOT_DATABASE_URL": url})[0].startswith("BOT_DATABASE_URL:")


def test_a_knowledge_folder_must_be_there(tmp_path: Path) -> None:
    assert Settings.read({**HOME, "BOT_KNOWLEDGE": str(tmp_path)}).knowledge == tmp_path
    assert faults({"BOT_KNOWLEDGE": str(tmp_path / "gone")})[0].startswith("BOT_KNOWLEDGE:")
    assert faults({"BOT_KNOWLEDGE": "x" * 5000})[0].startswith("BOT_KNOWLEDGE:")


def test_settings_can_stand_in_a_file_and_the_environment_goes_before_it(tmp_path: Path) -> None:
    file = tmp_path / "env"
    file.write_text("# ours\n\nexport BOT_NAME='Mein Bot'\nBOT_MODE=helplines\nBOT_LOG_LEVEL=\"debug\"\n", "utf-8")

    settings = Settings.read({**HOME, "BOT_ENV_FILE": str(file), "BOT_MODE": "on"})

    assert (settings.name, settings.mode, settings.log_level) == ("Mein Bot", "on", "DEBUG")


def test_a_settings_file_that_is_wrong_is_named_with_the_line_and_without_its_text(tmp_path: Path) -> None:
    file = tmp_path / "env"
    file.write_text("BOT_NAME=x\nSHOWN-TOKEN\nBOT_MODE=SHOWN\n", "utf-8")

    found = faults({"BOT_ENV_FILE": str(file)})

    assert found[0] == "BOT_ENV_FILE: line 2 is not NAME=value"
    assert found[1].startswith("BOT_MODE:")
    assert "SHOWN" not in "".join(found)


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_a_settings_file_that_cannot_be_read_is_named(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "env"
    if content is not None:
        file.write_bytes(content)

    assert faults({"BOT_ENV_FILE": str(file)})[0].startswith("BOT_ENV_FILE:")


def test_the_state_folder_is_where_the_desktop_keeps_state() -> None:
    assert Settings.read({**HOME, "XDG_STATE_HOME": "/state"}).state_dir == Path("/state/waymark")
    assert Settings.read({**HOME, "XDG_STATE_HOME": "/state", "BOT_STATE_DIR": "/mine"}).state_dir == Path("/mine")


def test_without_a_home_the_state_folder_must_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_home() -> Path:
        raise RuntimeError

    monkeypatch.setattr(Path, "home", no_home)

    with pytest.raises(SettingsWrong, match="BOT_STATE_DIR"):
        Settings.read({})
    assert Settings.read({"BOT_STATE_DIR": "/mine"}).state_dir == Path("/mine")


def test_a_local_bot_api_needs_a_token() -> None:
    assert faults({"BOT_TELEGRAM_API": "http://127.0.0.1:8081"})[0].startswith("BOT_TELEGRAM_TOKEN:")


def test_the_settings_of_the_contract_are_known() -> None:
    contract = """BOT_STATE_DIR BOT_LISTEN BOT_COUNCIL BOT_KNOWLEDGE BOT_DATABASE_URL BOT_TELEGRAM_TOKEN
        BOT_TELEGRAM_API BOT_WEBHOOK_URL BOT_WEBHOOK_SECRET BOT_SECRET_KEY BOT_SMTP_URL BOT_MAIL_FROM BOT_OWNER_EMAIL
        BOT_NOTIFY_KEY BOT_NOTIFY_API BOT_PUBLIC_URL BOT_NAME BOT_LOG_LEVEL BOT_MODE BOT_ENV_FILE"""

    assert set(contract.split()) <= KNOWN
