"""Rules kept by the pattern language of the triage rules."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.triage.pattern import PatternFaulty, Sets, framed, parse

SETS = Sets({"who": ["my dad", "he", "step*"], "hits": ["hit", "hits", "lay{hands}"], "hands": ["hands on"]})


def finds(pattern: str, text: str) -> bool:
    return parse(pattern, SETS, str.lower).find(framed(text)) is not None


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("want to die", "i want to die"),
        ("suicid*", "feeling suicidal"),
        ("{who} hit me", "my dad hit me"),
        ("{who} hit me", "stepdad hit me"),
        ("(kill|hurt) myself", "hurt myself"),
        ("want [really|just] to die", "want just to die"),
        ("want [really|just] to die", "want to die"),
        ("kill ..2 tonight", "kill him later tonight"),
        ("took ## pills", "took 30 pills"),
        ("^ help $", "help"),
        ("(a ..1 b|c) d", "a x b d"),
        ("{hits} me", "lay hands on me"),
    ],
)
def test_a_pattern_finds_what_it_says(pattern: str, text: str) -> None:
    assert finds(pattern, text)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("die", "diet"),
        ("want to die", "want the die"),
        ("kill ..2 tonight", "kill him some day or tonight"),
        ("took ## pills", "took 2 pills"),
        ("^ help $", "help me"),
        ("a ..3 b", "a ~ b"),
    ],
)
def test_a_pattern_finds_nothing_else(pattern: str, text: str) -> None:
    assert not finds(pattern, text)


@pytest.mark.parametrize(
    "pattern",
    [
        "",
        "..2 die",
        "die ..2",
        "(a|b",
        "a)",
        "(a|)",
        "[a|b]",
        "{nobody} hit",
        "a ..99 b",
        "[a] [b]",
        "{round}",
        "^ $",
        "a ..0 b",
    ],
)
def test_a_faulty_pattern_is_refused_with_a_reason(pattern: str) -> None:
    sets = Sets({**SETS, "round": ["a {round}"]})
    with pytest.raises(PatternFaulty, match=r"\w"):
        parse(pattern, sets, str.lower)


WORD = st.from_regex(r"[a-z]{1,6}", fullmatch=True)
SENTENCE = st.lists(WORD, min_size=1, max_size=6)


@given(SENTENCE, SENTENCE, SENTENCE)
def test_words_are_found_wherever_they_stand(before: list[str], said: list[str], after: list[str]) -> None:
    assert finds(" ".join(said), " ".join([*before, *said, *after]))


@given(WORD, SENTENCE, WORD)
def test_a_gap_is_as_wide_as_it_says_and_no_wider(first: str, between: list[str], last: str) -> None:
    text = " ".join([first, *between, last])
    assert finds(f"{first} ..{len(between)} {last}", text)
    if first not in between and last not in between and first != last and len(between) > 1:
        assert not finds(f"^ {first} ..{len(between) - 1} {last} $", text)


@given(SENTENCE, st.lists(SENTENCE, min_size=1, max_size=4))
def test_a_text_that_matches_holds_an_anchor(words: list[str], options: list[list[str]]) -> None:
    pattern = parse(f"({'|'.join(' '.join(o) for o in options)}) [{words[0]}]", Sets({}), str.lower)
    for option in options:
        text = framed(" ".join([*words, *option]))
        assert pattern.find(text)
        assert pattern.anchors is None or any(key in text.split() for key in pattern.anchors)


@given(st.text(alphabet="ab {}()[]|.^$#*\\+?2", max_size=30))
def test_any_line_is_either_refused_or_compiles(source: str) -> None:
    try:
        pattern = parse(source, SETS, str.lower)
    except PatternFaulty:
        return
    assert isinstance(pattern.regex, re.Pattern)
    assert not pattern.find(framed(""))
