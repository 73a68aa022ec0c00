"""The page's style and script, named by what is in them, so that a browser may keep them for good."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

FOLDER = Path(__file__).parent / "static"
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_FOR_GOOD = "public, max-age=31536000, immutable"
_ASK_AGAIN = "no-cache"  # a page from before or after an upgrade asked for a content that is not this one


@dataclass(frozen=True, slots=True)
class Asset:
    body: bytes
    packed: bytes
    media_type: str
    mark: str  # of its content

    @classmethod
    def read(cls, path: Path) -> Asset:
        body = path.read_bytes()
        return cls(body, gzip.compress(body, mtime=0), _TYPES[path.suffix], sha256(body).hexdigest()[:12])


class Assets:
    def __init__(self, folder: Path = FOLDER) -> None:
        self._by_name = {path.name: Asset.read(path) for path in folder.iterdir() if path.suffix in _TYPES}

    def url(self, name: str) -> str:
        stem, _, suffix = name.partition(".")
        return f"/static/{stem}.{self._by_name[name].mark}.{suffix}"

    async def get(self, request: Request) -> Response:
        stem, _, rest = request.path_params["name"].partition(".")
        mark, _, suffix = rest.partition(".")
        asset = self._by_name.get(f"{stem}.{suffix}")
        if asset is None:
            raise HTTPException(404)
        headers = {"Cache-Control": _FOR_GOOD if mark == asset.mark else _ASK_AGAIN, "Vary": "Accept-Encoding"}
        if "gzip" not in request.headers.get("accept-encoding", ""):
            return Response(asset.body, media_type=asset.media_type, headers=headers)
        return Response(asset.packed, media_type=asset.media_type, headers={**headers, "Content-Encoding": "gzip"})
