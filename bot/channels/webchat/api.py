"""The chat as JSON: `/api/v1/messages`."""

from __future__ import annotations

import json

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.channels.webchat import words
from bot.channels.webchat.request import asked_in_json, body, sent_as, text_of
from bot.channels.webchat.show import shown
from bot.channels.webchat.streamed import Streamed, Write
from bot.channels.webchat.turn import CHANNEL, Asked, Ended, Place, Turns
from bot.domain.errors import StoreUnavailable
from bot.domain.messages import Reply, Sender
from bot.ports import Inbox

AFTER_LIMIT = 128  # characters of a reply's id


class Api:
    def __init__(self, turns: Turns, inbox: Inbox) -> None:
        self._turns = turns
        self._inbox = inbox

    async def post(self, request: Request) -> Response:
        sent_as(request, "application/json", words.WANTS_JSON)
        asked = asked_in_json(await body(request))
        place = self._turns.place(asked.token)

        async def tell(write: Write) -> None:
            await _Telling(write, place.token).turn(self._turns, asked, place)

        return Streamed(tell, "application/json")

    async def get(self, request: Request) -> Response:
        token = _bearer(request)
        if not self._turns.knows(token):
            raise HTTPException(401, headers={"WWW-Authenticate": "Bearer"})
        after = text_of(request.query_params.get("after", ""))
        if len(after) > AFTER_LIMIT:
            raise HTTPException(422, words.WRONG_FIELD.format(field="after", least=0, most=AFTER_LIMIT))
        try:
            later = await self._inbox.fetch(Sender(CHANNEL, token), after or None)
        except StoreUnavailable:
            raise HTTPException(503) from None
        return JSONResponse({"replies": [{"id": id_, **shown(reply)} for id_, reply in later]})


def _bearer(request: Request) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


class _Telling:
    """Writes one JSON object whose replies are readable as soon as each is said."""

    def __init__(self, write: Write, token: str) -> None:
        self._write = write
        self._before = f'{{"conversation":{json.dumps(token)},"replies":['

    async def turn(self, turns: Turns, asked: Asked, place: Place) -> None:
        ended = await turns.take(asked, place, self._reply)
        before = "" if self._before == "," else self._before
        await self._write(f"{before}],{json.dumps(_facts(ended))[1:]}")

    async def _reply(self, reply: Reply) -> None:
        await self._write(self._before + json.dumps(shown(reply)))
        self._before = ","


def _facts(ended: Ended) -> dict[str, object]:
    received = ended.received
    return {
        "urgency": received.urgency.value,
        "outcome": received.outcome.value,
        "topic": received.topic,
        "kept": ended.kept,
    }
