"""Which updates Telegram has given us, and up to where it may forget them."""

from __future__ import annotations

from collections import deque

REMEMBERED = 1000  # finished ids: ten times what can come again


class Window:
    """The updates given and not yet confirmed. A confirmed one is gone for good, so only finished ones are.

    Ids grow, but not for ever: after a week without any, Telegram goes on from a random one, perhaps a lower one.
    So an id is new when it is not remembered, and an offset is sent only while there is something to confirm.
    """

    def __init__(self) -> None:
        self._open: set[int] = set()
        self._finished: deque[int] = deque(maxlen=REMEMBERED)
        self._last: int | None = None  # the highest finished one that is not confirmed

    @property
    def is_open(self) -> bool:
        """True while an update that was given is not finished."""
        return bool(self._open)

    @property
    def offset(self) -> int | None:
        """The lowest update that Telegram must keep; None when there is nothing to confirm."""
        if self._open:
            return min(self._open)
        return None if self._last is None else self._last + 1

    def begin(self, update_id: int) -> bool:
        """True when the update is new; it then is open until it is finished."""
        if update_id in self._open:
            return False
        if update_id in self._finished:  # its confirmation did not arrive
            self._last = max(update_id, self._last or update_id)
            return False
        self._open.add(update_id)
        return True

    def finish(self, update_id: int) -> None:
        self._open.discard(update_id)
        self._finished.append(update_id)
        self._last = max(update_id, self._last or update_id)

    def confirmed(self, offset: int | None) -> None:
        """Telegram has taken this offset."""
        if self._last is not None and offset is not None and self._last < offset:
            self._last = None
