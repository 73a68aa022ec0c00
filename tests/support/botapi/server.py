"""The server: what it keeps, what its methods do, and how it is made to fail."""

from __future__ import annotations

import asyncio
import json
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Self

from tests.support.botapi import spec
from tests.support.botapi.markup import Refused, plain, utf16
from tests.support.botapi.people import JSON, Group, Person
from tests.support.botapi.wire import Answer, File, Manner, Request, Wire

TOKEN = "123456789:AAfakeFAKEfakeFAKEfakeFAKEfakeFAKE01"
_SAYS = {
    400: "Bad Request: something is wrong",
    401: "Unauthorized",
    403: "Forbidden: bot was blocked by the user",
    404: "Not Found",
    409: "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
    500: "Internal Server Error",
}
_WEBHOOK_SET = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete it first"


@dataclass(slots=True)
class Call:
    """One request as it came; status is 0 until it is answered."""

    method: str
    params: JSON
    status: int = 0

    @property
    def chat(self) -> int:
        return int(self.params.get("chat_id", 0))


@dataclass(slots=True)
class Failure:
    method: str
    how: int | Manner
    chat: int | None
    times: int
    retry_after: int
    says: str | None
    lost: bool


class Fault(Exception):
    """The call is answered with a status and a description."""

    def __init__(self, status: int, says: str | None = None, **parameters: int) -> None:
        super().__init__(says or _SAYS[status])
        self.status, self.parameters = status, parameters


class FakeBotApi:
    """The Bot API for one bot. Whoever waits for something waits with `until`."""

    def __init__(self, token: str = TOKEN) -> None:
        self.token = token
        self.calls: list[Call] = []
        self.problems: list[str] = []  # what the real server might have let pass
        self.people: dict[int, Person] = {}
        self.groups: dict[int, Group] = {}
        self.updates: deque[JSON] = deque()
        self.queries: dict[str, bool] = {}  # id -> answered
        self.webhook: JSON = {"url": "", "has_custom_certificate": False}
        self.commands: list[JSON] = []
        self.bot = {"id": int(token.partition(":")[0]), "is_bot": True, "first_name": "Waymark", "username": "way_bot"}
        self._failures: list[Failure] = []
        self._wanted: set[str] = set()
        self._poller = 0
        self._number = 1000
        self._change = asyncio.Event()
        self._wire = Wire(self._handle)

    async def __aenter__(self) -> Self:
        await self._wire.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._wire.stop()

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self._wire.port}"

    # what tests say

    def person(self, account: int, name: str = "Ann") -> Person:
        return self.people.setdefault(account, Person(self, account, name))

    def group(self, chat_id: int) -> Group:
        return self.groups.setdefault(chat_id, Group(self, chat_id))

    def push(self, **update: Any) -> JSON:
        """Queues an update, unless the bot said that it does not want its kind. An `update_id` of its own is kept."""
        queued = {"update_id": self.number()} | update
        if not self._wanted or not update.keys() & (spec.UPDATES - self._wanted):
            self.updates.append(queued)
            self._changed()
        return queued

    def push_query(self, user: JSON, data: str, message: JSON) -> JSON:
        query = str(self.number())
        self.queries[query] = False
        asked = {"id": query, "from": user, "message": message, "chat_instance": "1", "data": data}
        return self.push(callback_query=asked)

    def push_member(self, chat: JSON, by: JSON, before: str, after: str) -> JSON:
        was, now = ({"user": self.bot, "status": status, "until_date": 0} for status in (before, after))
        member = {"chat": chat, "from": by, "date": int(time.time()), "old_chat_member": was, "new_chat_member": now}
        return self.push(my_chat_member=member)

    def fail(
        self,
        method: str,
        how: int | Manner,
        *,
        chat: int | None = None,
        times: int = 1,
        retry_after: int = 1,
        says: str | None = None,
        lost: bool = False,
    ) -> None:
        """The next calls of a method fail, with a status or in that manner. 502 has a body of HTML, 200 half of one.

        lost: what was asked for is done first, and only the answer does not arrive.
        """
        self._failures.append(Failure(method, how, chat, times, retry_after, says, lost))

    def mend(self) -> None:
        self._failures.clear()

    def made(self, method: str, chat: int | None = None) -> list[Call]:
        return [call for call in self.calls if call.method == method and chat in (None, call.chat)]

    async def until(self, holds: Callable[[], bool], within: float = 10.0) -> None:
        """Waits until something holds of this server; looked at again at each call, answer and update."""
        async with asyncio.timeout(within):
            while not holds():
                await self._change.wait()

    async def until_confirmed(self) -> None:
        """Waits until the bot has confirmed every update."""
        await self.until(lambda: not self.updates)

    def number(self) -> int:
        """The next number of whatever needs one."""
        self._number += 1
        return self._number

    # what a request goes through

    def _changed(self) -> None:
        self._change.set()
        self._change = asyncio.Event()

    async def _handle(self, request: Request) -> Answer:
        prefix, _, method = request.path.rpartition("/")
        if prefix != f"/bot{self.token}":
            return _answer(401 if prefix.startswith("/bot") and ":" in prefix else 404)
        model = spec.MODELS.get(method.lower())
        name = str(model.__api_method__) if model else method  # type: ignore[attr-defined]
        call = Call(name, request.params)
        self.calls.append(call)
        self._changed()
        answer = await self._answer(call)
        call.status = answer.status
        self._changed()
        return answer

    async def _answer(self, call: Call) -> Answer:
        failure = self._failure(call)
        if failure and not failure.lost:
            return _failed(failure)
        try:
            answer = _answer(200, await self._carry_out(call))
        except Fault as fault:
            answer = _answer(fault.status, says=str(fault), **fault.parameters)
        except Refused as refused:
            answer = _answer(400, says=str(refused))
        return _failed(failure) if failure else answer

    def _failure(self, call: Call) -> Failure | None:
        for failure in self._failures:
            if failure.method == call.method and failure.chat in (None, call.chat) and failure.times > 0:
                failure.times -= 1
                return failure
        return None

    async def _carry_out(self, call: Call) -> Any:
        if call.method.lower() not in spec.MODELS:
            self.problems.append(f"{call.method}: there is no such method")
            raise Fault(404)
        if found := spec.faults(call.method, call.params):
            self.problems += [f"{call.method}: {fault}" for fault in found]
            raise Fault(400, f"Bad Request: {found[0]}")
        does: Callable[[JSON], Awaitable[Any]] | None = getattr(self, f"_{call.method}", None)
        if does is None:
            self.problems.append(f"{call.method}: this server does not do that")
            raise Fault(501, "Not Implemented")
        asked = {
            name: value if name in ("text", "caption") else spec.parsed(value) for name, value in call.params.items()
        }
        return await does(asked)

    # the methods

    async def _getMe(self, asked: JSON) -> Any:
        return self.bot | {"can_join_groups": True, "can_read_all_group_messages": False}

    async def _getUpdates(self, asked: JSON) -> Any:
        if self.webhook["url"]:
            raise Fault(409, _WEBHOOK_SET)
        self._poller += 1
        mine, until = self._poller, time.monotonic() + asked.get("timeout", 0)
        self._confirm(asked.get("offset", 0))
        self._wanted = set(asked.get("allowed_updates") or self._wanted)
        self._changed()
        while not self.updates and (left := until - time.monotonic()) > 0:
            try:
                await asyncio.wait_for(self._change.wait(), left)
            except TimeoutError:
                break
            if mine != self._poller:
                raise Fault(409)
        return list(self.updates)[: asked.get("limit", 100)]

    def _confirm(self, offset: int) -> None:
        while self.updates and (self.updates[0]["update_id"] < offset or 0 < -offset < len(self.updates)):
            self.updates.popleft()

    async def _sendMessage(self, asked: JSON) -> Any:
        person = self._person(asked)
        message = self._bots_message(asked, self.number(), person)
        person.shown[message["message_id"]] = message
        person.unread.append(message)
        return message

    async def _sendDocument(self, asked: JSON) -> Any:
        person, file = self._person(asked), asked["document"]
        if not isinstance(file, File):
            raise Fault(400, "Bad Request: wrong file identifier/HTTP URL specified")
        if not file.body:
            raise Fault(400, "Bad Request: file must be non-empty")
        caption = plain(asked.get("caption", ""), asked.get("parse_mode")).strip()
        if utf16(caption) > 1024:
            raise Fault(400, "Bad Request: message caption is too long")
        sent = {"file_id": "F2", "file_unique_id": "U2", "file_name": file.name, "file_size": len(file.body)}
        message = self._message(asked, self.number(), person) | {"document": sent, "caption": caption}
        person.shown[message["message_id"]] = message
        person.unread.append(message)
        return message

    async def _editMessageText(self, asked: JSON) -> Any:
        return self._edit(asked, lambda person, old: self._bots_message(asked, old["message_id"], person))

    async def _editMessageReplyMarkup(self, asked: JSON) -> Any:
        def changed(_: Person, old: JSON) -> JSON:
            markup = {"reply_markup": asked["reply_markup"]} if asked.get("reply_markup") else {}
            return {name: value for name, value in old.items() if name != "reply_markup"} | markup

        return self._edit(asked, changed)

    def _edit(self, asked: JSON, change: Callable[[Person, JSON], JSON]) -> JSON:
        person = self._person(asked)
        old = person.shown.get(asked.get("message_id", 0))
        if old is None:
            raise Fault(400, "Bad Request: message to edit not found")
        if old["from"] != self.bot:
            raise Fault(400, "Bad Request: message can't be edited")
        new = change(person, old)
        if all(new.get(name) == old.get(name) for name in ("text", "reply_markup")):
            raise Fault(400, "Bad Request: message is not modified")
        person.shown[old["message_id"]] = new | {"edit_date": int(time.time())}
        person.unread.append(new)
        return new

    async def _deleteMessage(self, asked: JSON) -> Any:
        if self._person(asked).shown.pop(asked["message_id"], None) is None:
            raise Fault(400, "Bad Request: message to delete not found")
        return True

    async def _answerCallbackQuery(self, asked: JSON) -> Any:
        query = str(asked["callback_query_id"])
        if self.queries.get(query, True):
            raise Fault(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
        self.queries[query] = True
        return True

    async def _sendChatAction(self, asked: JSON) -> Any:
        return bool(self._person(asked))

    async def _setMyCommands(self, asked: JSON) -> Any:
        self.commands = asked["commands"]
        return True

    async def _setWebhook(self, asked: JSON) -> Any:
        if asked["url"] and not asked["url"].startswith("https://"):
            raise Fault(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
        self.webhook["url"] = asked["url"]
        return True

    async def _deleteWebhook(self, asked: JSON) -> Any:
        self.webhook["url"] = ""
        if asked.get("drop_pending_updates"):
            self.updates.clear()
        return True

    async def _getWebhookInfo(self, asked: JSON) -> Any:
        return self.webhook | {"pending_update_count": len(self.updates)}

    async def _leaveChat(self, asked: JSON) -> Any:
        group = self.groups.get(_number(asked["chat_id"]))
        if group is None or not group.has_bot:
            raise Fault(403, "Forbidden: bot is not a member of the supergroup chat")
        group.has_bot = False
        return True

    def _person(self, asked: JSON) -> Person:
        person = self.people.get(_number(asked.get("chat_id")))
        if person is None:
            raise Fault(400, "Bad Request: chat not found")
        if person.has_blocked:
            raise Fault(403)
        return person

    def _bots_message(self, asked: JSON, number: int, person: Person) -> JSON:
        text = plain(asked["text"], asked.get("parse_mode")).strip()
        if not text:
            raise Fault(400, "Bad Request: message text is empty")
        if utf16(text) > 4096:
            raise Fault(400, "Bad Request: message is too long")
        return self._message(asked, number, person) | {"text": text}

    def _message(self, asked: JSON, number: int, person: Person) -> JSON:
        message = {"message_id": number, "from": self.bot, "chat": person.chat, "date": int(time.time())}
        return message | ({"reply_markup": asked["reply_markup"]} if asked.get("reply_markup") else {})


def _number(chat: object) -> int:
    return chat if isinstance(chat, int) else 0  # nobody's


def _answer(status: int, result: Any = None, says: str | None = None, **parameters: int) -> Answer:
    if status == 200:
        return Answer(200, json.dumps({"ok": True, "result": result}).encode())
    body: JSON = {"ok": False, "error_code": status, "description": says or _SAYS[status]}
    return Answer(status, json.dumps(body | ({"parameters": parameters} if parameters else {})).encode())


def _failed(failure: Failure) -> Answer:
    match failure.how:
        case Manner():
            return Answer(200, b'{"ok": true, "result": []}', failure.how)
        case 429:
            says = f"Too Many Requests: retry after {failure.retry_after}"
            return _answer(429, says=says, retry_after=failure.retry_after)
        case 200:
            return Answer(200, b'{"ok": true, "result": [{"update_id": 1, "message": MARKER')
        case 502:
            return Answer(502, b"<html><body><h1>502 Bad Gateway</h1></body></html>")
        case status:
            return _answer(status, says=failure.says)
