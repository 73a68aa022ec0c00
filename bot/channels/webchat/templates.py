"""The page's templates, each with what it needs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from bot.channels.webchat import words
from bot.channels.webchat.assets import Assets
from bot.channels.webchat.show import html
from bot.domain.messages import Action, Reply

FOLDER = Path(__file__).parent / "pages"


class Templates:
    """help_now must not raise: it is called for every page, and for the page that says that something broke."""

    def __init__(self, assets: Assets, help_now: Callable[[], Sequence[Reply]], name: str) -> None:
        self._help_now = help_now
        self._pages = Environment(
            loader=FileSystemLoader(FOLDER),
            autoescape=select_autoescape(),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._pages.globals.update(w=words, asset=assets.url, name=name, html=_safe_html)

    def top(self, theirs: str) -> str:
        return self._pages.get_template("top.html").render(theirs=theirs)

    def reply(self, reply: Reply, *, is_first: bool, numbered_from: int) -> str:
        page = self._pages.get_template("reply.html")
        return page.render(reply=reply, is_first=is_first, numbered_from=numbered_from)

    def bottom(
        self, *, token: str, ref: str, after: str, draft: str, kept: bool, is_begun: bool, offered: Sequence[Action]
    ) -> str:
        return self._pages.get_template("bottom.html").render(
            token=token,
            ref=ref,
            after=after,
            draft=draft,
            kept=kept,
            is_begun=is_begun,
            offered=offered,
            help=self._help_now(),
        )

    def refusal(self, status: int, saying: str, *, with_back: bool, instead: Reply | None = None) -> str:
        """instead: what was asked for, in words."""
        page = self._pages.get_template("refusal.html")
        return page.render(status=status, saying=saying, with_back=with_back, instead=instead, help=self._help_now())


def _safe_html(reply: Reply, is_help: bool = False) -> Markup:
    return Markup(html(reply, is_help=is_help))  # noqa: S704  # our own words, escaped by markup.to_html
