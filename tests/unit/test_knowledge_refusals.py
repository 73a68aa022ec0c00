"""What a published knowledge base may not hold: twins, numbers nobody answers, unknown hosts, hard words, old dates."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.knowledge.check import check
from bot.knowledge.checks.phones import wrong
from bot.knowledge.entry import Amount, Fact, Translation
from bot.knowledge.judged import messages
from bot.knowledge.load import load, package_knowledge
from tests.support.knowledge import loaded, package, write
from tests.unit.test_knowledge_check import ENTRY, FACT, TODAY

COUNCILS = """
    - slug: devon
      name: Devon County Council
      districts: [{slug: exeter, name: Exeter}]
    - {slug: kent, name: Kent County Council}
"""
PACK = """
    slug: devon
    leaving_care:
      name: Leaving care
      phone: "0345 155 1071"
      sources: [{title: Contact, url: "https://www.devon.gov.uk/x"}]
    checked: 2026-11-20
    review_by: 2027-05-20
"""
OVERLAY = """
    id: money.grant
    adds: Devon gives {devon.grant}.
    facts: [devon.grant]
    checked: 2026-11-20
    review_by: 2027-05-20
"""
WHOLE = {
    "facts/money.yaml": FACT,
    "answers/money.grant.yaml": ENTRY,
    "councils/england.yaml": COUNCILS,
    "councils/devon/council.yaml": PACK,
    "councils/devon/facts.yaml": FACT.replace("grant.amount", "devon.grant").replace("£3,000", "£3,100"),
    "councils/devon/answers/money.grant.yaml": OVERLAY,
}


def faults(folder: Path, changes: dict[str, str], *, draft: bool = False, release: bool = False) -> list[str]:
    return [str(f) for f in check(loaded(folder, {**WHOLE, **changes}), draft=draft, today=TODAY, release=release)]


def test_a_council_with_its_team_its_fact_and_its_overlay_has_no_fault(tmp_path: Path) -> None:
    assert faults(tmp_path, {}, release=True) == []


REFUSED = {
    "a contact without a source": (
        "councils/devon/council.yaml",
        PACK.replace('      sources: [{title: Contact, url: "https://www.devon.gov.uk/x"}]\n', ""),
        "has no source",
    ),
    "a number with a digit too few": (
        "councils/devon/council.yaml",
        PACK.replace("0345 155 1071", "0345 155 107"),
        "'0345 155 107' is not a UK phone number",
    ),
    "a number for films": (
        "councils/devon/council.yaml",
        PACK.replace("0345 155 1071", "07700 900123"),
        "is a number for films and examples",
    ),
    "a wrong number as a fact's value": (
        "facts/money.yaml",
        FACT + FACT.replace("grant.amount", "grant.phone").replace("£3,000", "ring 0300 123 456 first"),
        "'0300 123 456' is not a UK phone number",
    ),
    "a link to an unknown host": (
        "facts/money.yaml",
        FACT.replace("https://www.gov.uk/x", "https://gov.uk.example.io/x"),
        "'gov.uk.example.io' is not a known host",
    ),
    "a bare address in a text": (
        "answers/money.grant.yaml",
        ENTRY.replace("Ask your PA.", "Look at not-the-council.co.uk."),
        "'not-the-council.co.uk' is not a known host",
    ),
    "an e-mail address at an unknown host": (
        "answers/money.grant.yaml",
        ENTRY.replace("Ask your PA.", "Write to help@not-the-council.co.uk."),
        "'not-the-council.co.uk' is not a known host",
    ),
    "a short answer that is hard to read": (
        "answers/money.grant.yaml",
        ENTRY.replace(
            "The grant is", "Discretionary accommodation expenditure eligibility determinations notwithstanding, it is"
        ),
        "'answer' reads at grade",
    ),
    "a sentence that goes on": (
        "answers/money.grant.yaml",
        ENTRY.replace("Ask your PA.", "Ask " + "and ask " * 10 + "your PA."),
        "a sentence of 23 words",
    ),
    "a phrase that differs by one slip": (
        "answers/money.grant.yaml",
        ENTRY.replace("[how much is the grant]", "[how much is the grant, how much is the grannt]"),
        "'how much is the grannt' is almost 'how much is the grant' at answers/money.grant.yaml:10",
    ),
    "a phrase that two entries would fight over": (
        "answers/money.other.yaml",
        ENTRY.replace("money.grant", "money.other")
        .replace("[how much is the grant]", "[when do they pay me for the grant]")
        .replace("How much is the grant?", "How much is the grants?"),
        "would be fought over",
    ),
    "a council's fact in a national answer": (
        "answers/money.grant.yaml",
        ENTRY.replace("facts: [grant.amount]", "facts: [devon.grant]"),
        "the fact 'devon.grant' is devon's own",
    ),
    "a variant for a district that is not there": (
        "councils/devon/answers/money.grant.yaml",
        OVERLAY + "    variants: [{when: {district: exetter}, answer: No.}]\n",
        "there is no district 'exetter'",
    ),
    "an amount that its value contradicts": (
        "facts/money.yaml",
        FACT + "      amount: {number: 300, unit: £}\n",
        "'amount' says 300 and 'value' says £3,000",
    ),
    "a better offer in another unit": (
        "councils/devon/facts.yaml",
        FACT.replace("grant.amount", "devon.grant")
        + "      betters: grant.amount\n      amount: {number: 3000, unit: '%'}\n",
        "a percentage is 100 at most",
    ),
    "a template that was not filled in": (
        "councils/devon/council.yaml",
        PACK + "    example: true\n",
        "this is still the template",
    ),
    "a machine's translation shown as reviewed": (
        "councils/devon/answers/money.grant.yaml",
        OVERLAY
        + "    translations: {fr: {by: machine, adds: Oui., checked: 2026-11-20, "
        + "reviewed: {on: 2026-11-20, by: [a, b]}}}\n",
        "a machine's draft cannot be",
    ),
    "a word explained twice": (
        "glossary.yaml",
        "- {word: PA, says: Your worker.}\n- {word: adviser, also: [pa], says: Your worker.}\n",
        "'pa' is explained under 'PA' already",
    ),
    "a word explained by harder ones": (
        "glossary.yaml",
        "- {word: plan, says: Individualised documentation of transitional accommodation necessities.}\n",
        "'plan' is explained at grade",
    ),
}


@pytest.mark.parametrize(("name", "text", "says"), REFUSED.values(), ids=REFUSED.keys())
def test_it_is_refused_with_its_file_and_line(tmp_path: Path, name: str, text: str, says: str) -> None:
    found = faults(tmp_path, {name: text})
    assert any(f.startswith(f"{name}:") and says in f for f in found), found


def test_a_fact_that_has_ended_may_not_stand_in_an_answer(tmp_path: Path) -> None:
    ended = FACT + "      state: ended\n      until: 2025-01-01\n"
    assert any("the fact 'grant.amount' has ended" in f for f in faults(tmp_path, {"facts/money.yaml": ended}))
    assert any("say on which day" in f for f in faults(tmp_path, {"facts/money.yaml": FACT + "      state: ended\n"}))


def test_a_draft_may_have_what_only_a_published_text_may_not(tmp_path: Path) -> None:
    assert faults(tmp_path, {"facts/money.yaml": FACT.replace("www.gov.uk", "nobody.io")}, draft=True) == []


@pytest.mark.parametrize(
    "name", ["answers/money.grant.yaml", "councils/devon/council.yaml", "councils/devon/answers/money.grant.yaml"]
)
def test_a_release_holds_nothing_past_its_review_day(tmp_path: Path, name: str) -> None:
    late = {name: WHOLE[name].replace("2027-05-20", "2026-11-23")}
    assert faults(tmp_path, late) == []
    assert [f.partition(":")[0] for f in faults(tmp_path, late, release=True)] == [name]


@pytest.mark.parametrize(
    "number",
    [
        *("999", "101", "111", "105", "119", "116 123", "116 000", "18000", "85258", "0800 1111", "0300 123 1110"),
        *("0345 6000 388", "01822 813600", "020 7008 0151", "0808 16 89 111", "07966 332280", "+44 1822 813600"),
    ],
)
def test_a_number_that_is_answered_in_the_uk_is_right(number: str) -> None:
    assert wrong(number) is None


@pytest.mark.parametrize(
    "number", ["0345 155 107", "0300 123 456", "01822 81360", "998", "07966 33228", "5258", "00000 000000"]
)
def test_a_number_that_cannot_be_rung_is_wrong(number: str) -> None:
    assert "not a UK phone number" in (wrong(number) or "")


@pytest.mark.parametrize("number", ["07700 900123", "01632 960999", "020 7946 0000", "0808 157 0999", "03069 990000"])
def test_a_number_that_nobody_has_is_right_for_an_example_only(number: str) -> None:
    assert "films and examples" in (wrong(number) or "")
    assert wrong(number, made_up=True) is None
    assert wrong("0345 155 1071", made_up=True)


def test_what_the_bot_is_judged_by_may_not_be_learnt(tmp_path: Path) -> None:
    judged = [("how much is the GRANT", "tests/eval/x.jsonl:1"), ("hello", "tests/eval/x.jsonl:2")]
    found = check(loaded(tmp_path, WHOLE), draft=False, today=TODAY, judged_by=judged)
    assert [str(f) for f in found] == [
        "answers/money.grant.yaml:10: 'how much is the grant' is what the bot is judged by (tests/eval/x.jsonl:1); "
        "learning it by heart would flatter it"
    ]


def test_the_messages_it_is_judged_by_are_read_with_their_lines(tmp_path: Path) -> None:
    write(tmp_path, {"dev.jsonl": '{"text": "help me"}\n\n{"text": "and me"}\n'})
    assert messages(tmp_path) == [("help me", "tests/eval/dev.jsonl:1"), ("and me", "tests/eval/dev.jsonl:3")]
    assert messages(tmp_path / "nowhere") == []


def test_a_pack_in_the_wrong_folder_is_a_fault_and_no_crash(tmp_path: Path) -> None:
    wrong_slug = PACK.replace("slug: devon", "slug: kent") + "    example: true\n"
    found = faults(tmp_path, {"councils/devon/council.yaml": wrong_slug}, release=True)
    assert any("says slug 'kent' but stands in folder 'devon'" in f for f in found)


BROKEN = {
    "not UTF-8": b"id: a.b\ntitle: \xff\xfe\n",
    "a tab": b"id: a.b\n\ttitle: A\n",
    "an open quote": b'id: a.b\ntitle: "A\nanswer: A\n',
    "an open bracket": b"id: a.b\nask: [a, b\nanswer: A\n",
    "a colon in a text": b"id: a.b\ntitle: A\nanswer: Ring: now: please\n",
    "a key twice": b"id: a.b\ntitle: A\ntitle: B\nanswer: A\n",
    "a list as a key": b"? [a, b]\n: c\n",
    "an anchor that is not there": b"id: a.b\ntitle: *nope\nanswer: A\n",
    "a plain text": b"just words\n",
    "a number": b"42\n",
    "nothing but a dash": b"-\n",
    "two documents": b"id: a.b\n---\nid: a.c\n",
    "an unknown tag": b"!!python/object:os.system {}\n",
    "a control character": b"id: a.b\ntitle: \x07\n",
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN.keys())
def test_a_file_broken_in_any_way_is_named_and_the_rest_is_still_read(tmp_path: Path, content: bytes) -> None:
    write(tmp_path, WHOLE)
    (tmp_path / "answers" / "broken.yaml").write_bytes(content)
    found = load(tmp_path)
    assert {f.path for f in found.faults} == {"answers/broken.yaml"}
    assert all(f.line >= 1 and f.says for f in found.faults)
    assert "money.grant" in {e.id for e, _, _ in found.entries}


def test_what_is_planned_ended_or_not_known_is_not_in_force() -> None:
    base = {"id": "a", "says": "A.", "confidence": "confirmed", "checked": "2026-11-20", "sources": [{"title": "A"}]}
    for state in ("planned", "ended", "unknown", "passed"):
        assert not Fact.model_validate({**base, "state": state}).in_force(TODAY)
    planned = Fact.model_validate({**base, "state": "planned", "from": "2027-01-01"})
    assert not planned.in_force(date(2026, 12, 31))
    assert planned.in_force(date(2027, 1, 1))


def test_the_parts_of_an_amount_come_to_no_more_than_the_whole() -> None:
    whole = {"number": 100, "unit": "£", "parts": [{"for": "a bed", "number": 60}]}
    assert Amount.model_validate(whole).parts[0].for_ == "a bed"
    with pytest.raises(ValueError, match="come to more than the whole"):
        Amount.model_validate({**whole, "stages": [{"for": "now", "number": 101}]})


def test_a_persons_translation_can_be_reviewed() -> None:
    said = {
        "by": "person",
        "answer": "Oui.",
        "checked": "2026-11-20",
        "reviewed": {"on": "2026-11-20", "by": ["a", "b"]},
    }
    assert Translation.model_validate(said).reviewed


def test_our_glossary_explains_the_words_of_the_law() -> None:
    words = {term.word for term in load(package_knowledge()).parts["glossary"]}
    assert len(words) >= 25
    assert {"pathway plan", "personal adviser", "section 20", "priority need", "local connection"} <= words


def test_the_made_up_council_is_checked_and_never_served() -> None:
    found = load(package_knowledge())
    base = found.base(None)
    assert found.examples() == {"exampleshire"}
    assert "exampleshire" in found.overlays
    assert "exampleshire" not in {c.slug for c in base.councils}
    assert "exampleshire" not in base.pack
    assert "exampleshire" not in base.overlays
    assert not [f for f in base.fact if f.startswith("exampleshire")]
    assert package().pack.keys() >= {"devon"}
