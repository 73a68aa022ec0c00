"""The status check says on every path what the Act says. The expected values are typed in `status_table.yaml`."""

from __future__ import annotations

import re
from collections import defaultdict

from bot.dialogue import keys
from bot.domain.messages import Kind
from bot.knowledge.answer import fill
from bot.knowledge.check import with_bars
from bot.knowledge.status import MOST_TAPS, NOT_SURE, texts
from bot.language.plain import Measure, Plainness
from tests.support.knowledge import NOON, package
from tests.support.status import answers, by_law, ends, pressed, reached, table, tree, whole


def test_the_table_holds_every_path_and_no_other() -> None:
    assert set(by_law()) == set(ends())


def test_every_path_comes_to_what_the_act_says() -> None:
    wrong = {path: (reached(path), law) for path, law in by_law().items() if reached(path) != law}
    assert not wrong


def test_every_outcome_is_kept_as_the_status_that_the_act_gives_it() -> None:
    assert set(table()["outcomes"]) == set(tree().results)
    for path, decision in ends().items():
        expected = table()["outcomes"][by_law()[path]]
        assert decision.conversation.about.status == expected["status"], path


def test_what_the_act_counts_is_said_where_it_is_asked() -> None:
    for row in table()["asked"]:
        assert row["law"]
        assert row["holds"] in " ".join(tree().questions[row["question"]].asks.split()), row


def test_the_words_to_use_name_the_section() -> None:
    for path, decision in ends().items():
        expected = table()["outcomes"][by_law()[path]]
        legal = decision.say_now[0].text.partition("**The words to use:**")[2].partition("\n\n")[0]
        assert expected["cites"] in legal, path


def test_only_the_law_and_what_can_be_asked_for_is_named() -> None:
    for name, result in tree().results.items():
        for right in result.gives:
            assert right.will is None
            text = right.must or right.may or ""
            assert re.search(r"\bmust\b" if right.must else r"\b(?:can|may)\b", text), (name, text)


def test_a_status_of_18_and_over_is_never_given_to_a_child_nor_the_other_way_about() -> None:
    for path, decision in ends().items():
        status = decision.conversation.about.status
        if path[0] in ("under-16", "16", "17"):
            assert status != "former-relevant", path
        elif path[0] != NOT_SURE:
            assert status not in ("eligible", "relevant"), path


def test_every_result_is_in_plain_words() -> None:
    """As a whole entry is measured: grade 7 at most, 20 words a sentence. The law's own words are left out."""
    bars = with_bars(whole()).reading
    assert bars is not None
    measure = Measure({*bars.names, *(line.name for line in package().helplines)})
    by_part: dict[str, Plainness] = defaultdict(Plainness)
    for loc, text in texts(tree()):
        if loc[-1] != "legal":
            plain = measure(fill(text, package(), NOON.date()))
            assert plain.longest_words <= bars.sentence, (loc, plain.longest)
            by_part[str(loc[1])] += plain
    assert not {name: plain.grade for name, plain in by_part.items() if plain.words > 40 and plain.grade > bars.entry}


def test_nobody_who_says_it_was_not_council_care_is_given_words_that_say_it_was() -> None:
    """What they would send must be true: `elsewhere` and a plain "no" to council care are not `I was in your care`."""
    claims = re.compile(r"(?:Hi, |\*)I was in (?:your )?care")
    for path, decision in ends().items():
        if path[1] == "elsewhere" or path[1:3] in (("family", "no"), ("not-sure", "no"), ("housed", "other")):
            assert not claims.search(decision.say_now[0].text), path


def test_no_path_takes_more_than_six_taps() -> None:
    assert max(len(path) for path in ends()) <= MOST_TAPS == 6


def test_not_sure_can_be_pressed_at_every_question() -> None:
    for key, (_, decision) in pressed().items():
        if decision.say_now[0].kind is not Kind.ANSWER:
            names = [keys.Key.parse(a.key).rest.split(".")[-1] for a in answers(decision, key)]
            assert NOT_SURE in names, key


def test_no_path_ends_without_words_to_use_help_and_a_way_on() -> None:
    words = tree().words
    for path, decision in ends().items():
        reply = decision.say_now[0]
        for part in (words.may, "**The words to use:**", words.say):
            assert part in reply.text, path
        assert len(re.findall(r"^- ", reply.text, re.M)) >= 3, path
        topics = [a for a in reply.actions if keys.Key.parse(a.key).verb == "t"]
        assert topics and all(keys.Key.parse(a.key).rest in package().entry for a in topics), path
        assert {keys.PERSON, keys.MENU, keys.STATUS} <= {a.key for a in reply.actions}, path


def test_nobody_is_told_that_they_get_nothing() -> None:
    never = re.compile(r"\b(nothing|no rights?|not entitled|don't qualify|not a care leaver|no help|get none)\b", re.I)
    for key, (label, decision) in pressed().items():
        for reply in decision.say_now:
            said = " ".join([label, reply.text, *(a.label for a in reply.actions if a.key.startswith("s"))])
            assert not never.search(said), (key, never.search(said))
