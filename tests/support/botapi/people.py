"""Those who talk to the bot."""

from __future__ import annotations

import time
from collections import deque
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.support.botapi.server import FakeBotApi

JSON = dict[str, Any]
_FILE = {"file_id": "F1", "file_unique_id": "U1", "file_size": 3}
MEDIA: dict[str, Any] = {
    "photo": [{**_FILE, "width": 90, "height": 90}],
    "voice": {**_FILE, "duration": 2},
    "video": {**_FILE, "width": 90, "height": 90, "duration": 2},
    "document": _FILE,
    "sticker": {**_FILE, "type": "regular", "width": 90, "height": 90, "is_animated": False, "is_video": False},
    "location": {"latitude": 51.5, "longitude": -0.1},
    "contact": {"phone_number": "07700900123", "first_name": "Bea"},
}


class Person:
    """Somebody in a private chat with the bot. What they do is an update at once, which is given back."""

    def __init__(self, api: FakeBotApi, account: int, name: str) -> None:
        self.api, self.id, self.name = api, account, name
        self.shown: dict[int, JSON] = {}  # message_id -> message, the bot's and their own
        self.unread: deque[JSON] = deque()  # the bot's messages, new ones and edits
        self.has_blocked = False

    @property
    def user(self) -> JSON:
        return {"id": self.id, "is_bot": False, "first_name": self.name, "language_code": "en"}

    @property
    def chat(self) -> JSON:
        return {"id": self.id, "type": "private", "first_name": self.name}

    def sends(self, text: str) -> JSON:
        return self._says(text=text)

    def sends_media(self, kind: str, caption: str | None = None) -> JSON:
        return self._says(**{kind: MEDIA[kind]}, **({} if caption is None else {"caption": caption}))

    def edits(self, sent: JSON, text: str) -> JSON:
        """sent is what `sends` gave."""
        changed = sent["message"] | {"text": text, "edit_date": int(time.time())}
        self.shown[changed["message_id"]] = changed
        return self.api.push(edited_message=changed)

    def presses(self, button: str, message: JSON | None = None, gone: bool = False) -> JSON:
        """Presses the button with that label, of the newest message that has one, or of an old one, perhaps gone."""
        for shown in [message] if message else reversed(self.shown.values()):
            for each in (each for row in shown.get("reply_markup", {}).get("inline_keyboard", ()) for each in row):
                if each["text"] == button:
                    remains = {"chat": self.chat, "message_id": shown["message_id"], "date": 0}
                    return self.api.push_query(self.user, each["callback_data"], remains if gone else shown)
        raise LookupError(f"nobody showed a button {button!r}")

    def blocks(self, blocked: bool = True) -> JSON:
        self.has_blocked = blocked
        before, after = ("member", "kicked") if blocked else ("kicked", "member")
        return self.api.push_member(self.chat, self.user, before, after)

    async def reads(self) -> JSON:
        """The next message that the bot shows, as soon as it is there."""
        await self.api.until(lambda: bool(self.unread))
        return self.unread.popleft()

    async def hears(self, text: str) -> JSON:
        """The bot's next message, which says just that."""
        message = await self.reads()
        assert message["text"] == text, (message["text"], text)
        return message

    def _says(self, **content: Any) -> JSON:
        message: JSON = {"message_id": self.api.number(), "date": int(time.time())}
        message |= {"from": self.user, "chat": self.chat}
        self.shown[message["message_id"]] = message | content
        return self.api.push(message=message | content)


class Group:
    """A group that somebody has put the bot into."""

    def __init__(self, api: FakeBotApi, chat_id: int) -> None:
        self.api, self.id = api, chat_id
        self.chat = {"id": chat_id, "type": "supergroup", "title": "Friends"}
        self.has_bot = True

    def adds_bot(self, by: Person) -> JSON:
        return self.api.push_member(self.chat, by.user, "left", "member")

    def hears_from(self, person: Person, text: str) -> JSON:
        message = {"message_id": self.api.number(), "date": int(time.time()), "from": person.user, "chat": self.chat}
        return self.api.push(message=message | {"text": text})
