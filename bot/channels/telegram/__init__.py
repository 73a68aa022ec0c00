"""Telegram: updates in, replies out. Long polling with `telegram.Bot` alone, and an own short receive loop."""

from bot.channels.telegram.api import quiet_libraries
from bot.channels.telegram.pace import Pace
from bot.channels.telegram.receiver import TelegramChannel, TokenRefused

__all__ = ["Pace", "TelegramChannel", "TokenRefused", "quiet_libraries"]
