"""`GET /leaflet/{council or england}/{stage}.pdf`: a document that a reply names. It holds nothing about anybody."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from bot.channels.webchat import words
from bot.channels.webchat.templates import Templates
from bot.domain.errors import DocumentUnavailable
from bot.ports import Documents

_ASK_AGAIN = "no-cache"  # what is owed changes on its day, and so must the leaflet; an unchanged one is not sent twice


class Leaflets:
    def __init__(self, documents: Documents | None, templates: Templates) -> None:
        self._documents, self._templates = documents, templates

    async def get(self, request: Request) -> Response:
        council, stage = request.path_params["council"], request.path_params["stage"]
        key = f"{council}/{stage}"
        try:
            mark = self._documents.mark(key) if self._documents else None
            if self._documents is None or mark is None:
                raise HTTPException(404, words.NO_LEAFLET)
            headers = {"ETag": f'"{mark}"', "Cache-Control": _ASK_AGAIN}
            if f'"{mark}"' in request.headers.get("if-none-match", ""):
                return Response(status_code=304, headers=headers)
            made = await self._documents.file(key)
        except DocumentUnavailable:
            return self._in_words(key)
        headers["Content-Disposition"] = f'inline; filename="waymark-{council}-{stage}.pdf"'
        return Response(made, media_type="application/pdf", headers=headers)

    def _in_words(self, key: str) -> Response:
        """What the leaflet says, where no PDF can be made."""
        instead = self._documents.instead(key) if self._documents else None
        if instead is None:
            raise HTTPException(503)
        page = self._templates.refusal(503, "", with_back=False, instead=instead)
        return HTMLResponse(page, 503, {"Retry-After": "60"})
