"""The web chat: a page that works with no script, no account and no cookie, and the API behind it."""

from bot.channels.webchat.app import web_chat

__all__ = ["web_chat"]
