"""Nothing is confirmed to Telegram before it is finished."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.telegram.window import Window


def test_the_offset_stays_below_the_lowest_unfinished_update() -> None:
    window = Window()
    assert all(map(window.begin, (5, 6, 7)))

    window.finish(6)
    assert (window.offset, window.is_open) == (5, True)
    window.finish(5)
    assert window.offset == 7
    window.finish(7)
    assert (window.offset, window.is_open) == (8, False)


def test_an_update_that_comes_again_is_not_started_again() -> None:
    window = Window()
    window.begin(5)

    assert not window.begin(5)
    window.finish(5)
    assert not window.begin(5)


def test_no_offset_is_sent_once_everything_is_confirmed() -> None:
    """Ids start anew after a quiet week: an old offset must not hide a lower one."""
    window = Window()
    window.begin(900)
    window.finish(900)
    window.confirmed(window.offset)

    assert window.offset is None
    assert window.begin(17)
    assert window.offset == 17
    window.finish(17)
    assert window.offset == 18


def test_what_is_finished_while_a_poll_runs_is_confirmed_by_the_next() -> None:
    window = Window()
    window.begin(5)
    asked = window.offset
    window.finish(5)
    window.confirmed(asked)

    assert window.offset == 6


def test_an_update_whose_confirmation_was_lost_is_confirmed_again() -> None:
    window = Window()
    window.begin(5)
    window.finish(5)
    window.confirmed(6)

    assert not window.begin(5)
    assert window.offset == 6


@settings(deadline=None)
@given(st.lists(st.integers(1, 40), unique=True, min_size=1))
def test_no_order_of_finishing_confirms_what_is_not_finished(ids: list[int]) -> None:
    window, kept = Window(), set(ids)
    for number in sorted(ids):
        window.begin(number)
    for number in ids:
        window.finish(number)
        kept.discard(number)
        offset = window.offset
        assert offset is not None
        assert all(number >= offset for number in kept)
        window.confirmed(offset)
