"""Which topic a message asks about: learnt from phrases, for any knowledge folder."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.knowledge.build import build_index
from bot.knowledge.index import ANSWER, NOT_COVERED, SMALL_TALK, Class, Index, shorten
from bot.language.encode import SIZE, EncodingFailed, Floats
from bot.language.vectors import Encode, pack
from tests.support.knowledge import loaded, package

LONGEST_WAIT = 0.2  # seconds of the processor, for letters and words

THINGS = {
    "money.bus": [
        "free bus pass",
        "help with bus fares",
        "cheap travel to college",
        "railcard for me",
        "getting to work costs",
    ],
    "money.tax": [
        "do i pay council tax",
        "council tax bill came",
        "tax on my flat",
        "exempt from council tax",
        "counsil tax",
    ],
    "home.damp": [
        "mould on the wall",
        "landlord wont fix boiler",
        "damp in my room",
        "no heating",
        "broken window repair",
    ],
    "home.keys": ["lost my keys", "locked out of flat", "key fob broken", "new keys cost", "who has spare key"],
}


def of_words(texts: Sequence[str]) -> Floats:
    """A stand-in for the sentence model: texts with words in common lie near one another."""
    drawn = [sum((_of_word(word) for word in text.split()), _of_word("") * np.float32(0.1)) for text in texts]
    vectors = np.array(drawn, np.float32).reshape(-1, SIZE)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def _of_word(word: str) -> Floats:
    return np.random.default_rng(list(word.encode())).standard_normal(SIZE).astype(np.float32)


def make(
    folder: Path,
    things: dict[str, list[str]],
    extra: dict[str, str] | None = None,
    encode: Encode | None = None,
    served: Encode | None = None,
) -> Index:
    """encode is what it is built with, served what it is searched with."""
    files = {
        f"{topic}.yaml": f"id: {topic}\ntitle: {topic}\nanswer: Yes.\nask:\n" + "".join(f"- {p}\n" for p in asks)
        for topic, asks in things.items()
    }
    found = loaded(folder, {**files, **(extra or {})})
    base = found.base(package().model_copy(update={"small_talk": ()}))
    meta, arrays = build_index(found, base, (lambda texts: pack(encode(texts))) if encode else None)
    return Index(meta, arrays, base.textspeak, served)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    asks = "[car wont start, change a tyre, my exhaust is loud]"
    more = {"not-covered/x.yaml": f"- {{id: cars, reply: Not here., ask: {asks}}}\n"}
    return make(tmp_path_factory.mktemp("kb"), THINGS, more)


def test_a_message_finds_its_topic(index: Index) -> None:
    for text, topic in [
        ("bus pass for college", "money.bus"),
        ("got a council tax bill", "money.tax"),
        ("mould everywhere", "home.damp"),
    ]:
        assert index.search(text).matches[0].of == Class(ANSWER, topic)


def test_a_misspelt_message_finds_it_too(index: Index) -> None:
    assert index.search("cuoncil taxx bil").matches[0].of.id == "money.tax"


def test_what_is_not_covered_is_a_class_of_its_own(index: Index) -> None:
    assert index.search("my car wont start").matches[0].of == Class(NOT_COVERED, "cars")


def test_a_message_without_a_known_word_finds_nothing(index: Index) -> None:
    assert index.search("żółć ژ").sure < 0.5
    assert index.search("").matches == ()


def test_scores_are_shares_between_nothing_and_one_best_first(index: Index) -> None:
    found = index.search("lost my keys on the bus")
    scores = [m.score for m in found.matches]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= s <= 1 for s in scores)
    assert 0 <= found.sure <= 1


def test_a_base_of_one_entry_answers_its_own_question_and_not_another(tmp_path: Path) -> None:
    index = make(tmp_path, {"money.tax": THINGS["money.tax"]})
    assert index.search("do i pay council tax").sure > 0.5
    assert index.search("whats the weather like").sure < 0.5


def test_two_entries_are_told_apart(tmp_path: Path) -> None:
    index = make(tmp_path, {t: THINGS[t] for t in ("money.tax", "home.keys")})
    assert index.search("council tax").matches[0].of.id == "money.tax"
    assert index.search("lost keys").matches[0].of.id == "home.keys"


def test_the_same_folder_builds_the_same_index(tmp_path: Path) -> None:
    first, second = (make(tmp_path, THINGS).search("bus pass for college") for _ in range(2))
    assert first == second


def test_both_ends_of_a_long_message_are_read(index: Index) -> None:
    assert index.search("blah " * 2_000 + "do i pay council tax").matches[0].of.id == "money.tax"
    assert len(shorten("x" * 100_000)) < 3_100


@given(st.text(max_size=300))
def test_no_text_makes_the_search_raise(text: str) -> None:
    found = _INDEX.search(text)
    assert np.isfinite(found.sure)


def test_built_with_sentences_it_searches_with_them_and_has_gate_and_thresholds_of_both(tmp_path: Path) -> None:
    index = make(tmp_path, THINGS, encode=of_words, served=of_words)
    found = index.explain("bus pass for college")
    assert index.uses_sentences
    assert found.found.matches[0].of.id == "money.bus"
    assert found.evidence is not None
    assert found.evidence.meant.max() > 0.5


def test_searched_without_the_sentence_model_it_is_as_if_built_without(tmp_path: Path) -> None:
    plain, switched_off = make(tmp_path, THINGS), make(tmp_path, THINGS, encode=of_words)
    assert not switched_off.uses_sentences
    assert switched_off.thresholds == plain.thresholds
    for ours, theirs in zip(switched_off.gate, plain.gate, strict=True):
        assert np.array_equal(ours, theirs)
    for text in ("bus pass for college", "cuoncil taxx bil", "what is the weather"):
        assert switched_off.search(text) == plain.search(text)


def test_where_the_sentence_model_fails_letters_and_words_are_searched(tmp_path: Path) -> None:
    def fails(texts: Sequence[str]) -> Floats:
        raise EncodingFailed

    index = make(tmp_path, THINGS, encode=of_words, served=fails)
    assert index.search("bus pass for college").matches == index.by_words.search("bus pass for college").matches


def test_built_without_sentences_the_model_is_not_asked(tmp_path: Path) -> None:
    def must_not(texts: Sequence[str]) -> Floats:
        raise AssertionError(texts)

    index = make(tmp_path, THINGS, served=must_not)
    assert not index.uses_sentences
    assert index.search("council tax").matches[0].of.id == "money.tax"


def test_with_sentences_a_base_of_one_entry_answers_its_own_question_and_not_another(tmp_path: Path) -> None:
    index = make(tmp_path, {"money.tax": THINGS["money.tax"]}, encode=of_words, served=of_words)
    assert index.search("do i pay council tax").sure > index.thresholds.answer
    assert index.search("whats the weather like").sure < index.thresholds.answer


@pytest.mark.parametrize("encode", [None, of_words])
def test_what_has_no_phrases_is_never_found_and_stops_nothing(tmp_path: Path, encode: Encode | None) -> None:
    more = {"not-covered/x.yaml": '- {id: cars, reply: Not here., ask: ["?"]}\n'}
    index = make(tmp_path, THINGS, more, encode=encode, served=encode)
    assert "cars" in {c.id for c in index.classes}
    for text in ("do i pay council tax", "lost my keys", "?"):
        assert index.search(text).sure == 0 or index.search(text).matches[0].of.id != "cars"


def test_a_base_without_entries_finds_nothing(tmp_path: Path) -> None:
    index = make(tmp_path, {}, {"not-covered/x.yaml": "[]\n"})
    assert index.search("do i pay council tax").sure == 0


@pytest.mark.parametrize(
    "text",
    [
        "do i pay council tax " * 5_000,
        "tax " * 5_000,
        "x" * 100_000,
        "ﷺ" * 100_000,
        "".join(chr(plane * 0x10000 + at) for plane in range(17) for at in range(0, 0x10000, 499)),
        "!?" * 50_000 + "x",
        "a.b-c_d*" * 12_500,
        "\ud800 tax \udfff" * 9_000,
    ],
    ids=["long", "one word", "no spaces", "long signs", "every plane", "signs", "joined", "halves of signs"],
)
def test_bad_input_is_searched_in_time(index: Index, text: str) -> None:
    begin = time.process_time()
    found = index.search(text)
    assert time.process_time() - begin < LONGEST_WAIT
    assert 0 <= found.sure <= 1


def _small() -> Index:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        return make(Path(folder), THINGS)


_INDEX = _small()
assert SMALL_TALK not in {c.kind for c in _INDEX.classes}
