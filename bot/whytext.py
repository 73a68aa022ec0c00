"""The steps of `waymark why` as lines that a colleague can read."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

Shown = dict[str, Any]
WIDE = 46  # characters of a column


def lines(shown: Shown) -> Iterator[str]:
    yield _row("message", shown["text"])
    if "read" in shown:
        yield from _read(shown)
        yield from _tiers(shown)
        yield from _together(shown["together"])
        yield from (f"  its parts also ask: {topic}" for topic in shown["also"])
        yield from _gate(shown["gate"])
    yield from _triage(shown["triage"])
    yield from _decision(shown["decision"])


def _row(name: str, text: object) -> str:
    return f"{name:<12}{text}"


def _read(shown: Shown) -> Iterator[str]:
    yield _row("normalised", shown["normalised"])
    repaired = ", ".join(f"{a} -> {b}" for a, b in shown["repaired"])
    yield _row("repaired", repaired or "nothing")
    unknown = ", ".join(shown["unknown"]) or "none"
    yield _row("known", f"{shown['known']:.2f} of its words; not known: {unknown}")


def _tiers(shown: Shown) -> Iterator[str]:
    meaning = "by meaning" if shown["sentences"] else "by meaning: no sentence model, letters and words alone"
    yield ""
    yield f"{'by letters and words':<{WIDE}}{meaning}"
    for left, right in zip_longest(shown["by_words"], shown["by_meaning"]):
        yield f"  {_class(left, 'share'):<{WIDE}}{_class(right, 'share')}".rstrip()


def _class(row: Shown | None, figure: str) -> str:
    if row is None:
        return ""
    kind = "" if row["kind"] == "answer" else f"  ({row['kind']})"
    return f"{row[figure]:.3f}  {row['id']}{kind}"


def _together(rows: list[Shown]) -> Iterator[str]:
    yield ""
    yield "together, best first" if rows else "nothing that is known in it: no search"
    for row in rows:
        yield f"  {_class(row, 'score')}"
        for name, says in (("nearest_by_words", "words"), ("nearest_by_meaning", "meaning")):
            if near := row.get(name):
                yield f"         nearest by {says:<8} {near['cosine']:.2f}  {near['phrase']}"


def _gate(gate: Shown) -> Iterator[str]:
    yield ""
    limits = gate["thresholds"]
    yield f"gate: sure {gate['sure']:.3f} (answers from {limits['answer']:.2f}), " + (
        f"near {gate['near']:.3f} (offers from {limits['offer']:.2f})"
    )
    if gate["signs"]:
        yield f"  {'sign':<66} {'value':>7} {'to sure':>8} {'to near':>8}"
    for sign in gate["signs"]:
        yield (f"  {sign['sign']:<66} {sign['value']:7.2f} {sign['adds_to_sure']:+8.2f} {sign['adds_to_near']:+8.2f}")


def _triage(triage: Shown) -> Iterator[str]:
    yield ""
    soft = ", with the soft line" if triage["check_in"] else ""
    yield f"danger: {triage['urgency']}{soft}" + (
        f"; {triage['category']}, about {triage['about']}" if triage["category"] else ""
    )
    for rule in triage["rules"]:
        near = "".join(f"; {name}: '{rule[name]}'" for name in ("calm", "now", "past") if name in rule)
        about = f"about {rule['about']}{near}"
        yield f"  rule {rule['rule']} ({rule['topic']}): '{rule['words']}' -> {rule['level']}, {about}"
    yield f"  by rules alone: {triage['by_rules_alone']}"
    if (examples := triage["examples"]) is None:
        yield "  examples: not asked (there are none, or they do not know these words)"
        return
    yield from _examples(examples)
    yield (
        f"  with the age that is known: {triage['level']}"
        if triage["level"] != examples["comes_to"]
        else (f"  level: {triage['level']}")
    )


def _examples(examples: Shown) -> Iterator[str]:
    for name in ("whole", "loudest"):
        if part := examples[name]:
            yield f"  {name}: {part['words']}"
            yield f"    log-odds of danger {_both(part, 'danger')}; of an emergency, if so {_both(part, 'emergency')}"
    added = ", ".join(f"{name} {value:+.2f}" for name, value in examples["terms"])
    check, urgent = (examples["thresholds"][name] for name in ("check", "urgent"))
    yield f"  weighed: {added}"
    yield f"    = {examples['danger']:+.2f} (soft line from {check:+.2f}, urgent from {urgent:+.2f})"
    yield f"    emergency, if so: {examples['emergency']:+.2f} (from {examples['emergency_from']:+.2f})"
    yield f"  nearest example: {examples['nearest_example'] or 'none'}"
    yield f"  topic, if danger: {examples['topic']}"


def _both(part: Shown, name: str) -> str:
    meaning = part[f"{name}_by_meaning"]
    return f"{part[f'{name}_by_words']:+.2f} by words" + ("" if meaning is None else f", {meaning:+.2f} by meaning")


def _decision(decision: Shown) -> Iterator[str]:
    yield ""
    offered = f" [{', '.join(decision['offered'])}]" if decision["offered"] else ""
    yield f"decided: {decision['outcome']}" + (f" {decision['topic']}" if decision["topic"] else "") + offered
    for reason in decision["because"]:
        yield f"  {reason}"
