"""The status check: a few taps to the law's words for what somebody is. The answers so far stand in the key."""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue import keys, show
from bot.dialogue.naming import status_name
from bot.dialogue.turn import Decision, Turn
from bot.domain.messages import Action, Kind, Outcome, Reply
from bot.domain.people import About
from bot.knowledge.answer import fill
from bot.knowledge.status import AGE, StatusAnswer, StatusQuestion, StatusResult, StatusTree, Stop

ASKED_AGE = "status"  # `Conversation.asked` while the first question stands open
KEPT_AGES = range(14, 31)  # as everywhere: others are answered, and not kept
MOST_TOPICS = 4


def check(turn: Turn, rest: str = "") -> Decision | None:
    """The next question, or what the answers come to. None where there is no such check.

    rest is the answers so far. An age that the conversation knows answers the first question, and one that was told
    after a button was sent is the better one.
    """
    tree = turn.base.status
    if tree is None:
        return None
    if rest == AGE:
        return _asked(turn, tree, (), tree.questions[tree.tree[tree.first].question])
    path = _with_age(tree, tuple(rest.split(".")) if rest else (), turn.about.age)
    stop = tree.walk(path)
    if stop is None:
        return _from_here(turn, tree)
    turn = _knowing(turn, path, stop)
    if stop.result is not None:
        return _found(turn, tree, stop, stop.result)
    return _asked(turn, tree, path, stop.question, begins=not rest) if stop.question else None


def age_typed(turn: Turn, age: int) -> Decision | None:
    """An age that was typed while the first question stood open; None when the check has no answer for it."""
    tree = turn.base.status
    name = tree.age_answer(age) if tree else None
    if name is None:
        return None
    about = turn.about.with_(age=age if age in KEPT_AGES else None)
    return check(replace(turn, conversation=replace(turn.conversation, about=about)), name)


def _with_age(tree: StatusTree, path: tuple[str, ...], age: int | None) -> tuple[str, ...]:
    """The path with the age that is known in the first place, unless it is being answered just now."""
    known = tree.age_answer(age) if age is not None else None
    if known is None or len(path) == 1:
        return path
    return (known, *path[1:])


def _from_here(turn: Turn, tree: StatusTree) -> Decision:
    """A button of an older check: the first question that is still open, said as such."""
    path = _with_age(tree, (), turn.about.age)
    stop = tree.walk(path)
    assert stop is not None and stop.question is not None, path
    decision = _asked(turn, tree, path, stop.question)
    reply = decision.say_now[0]
    return replace(decision, say_now=(replace(reply, text=f"{tree.words.old}\n\n{reply.text}"),))


def _knowing(turn: Turn, path: tuple[str, ...], stop: Stop) -> Turn:
    """The turn with the age that was answered. One known more exactly is left as it is."""
    if not stop.answers:
        return turn
    first, age = stop.answers[0], turn.about.age
    exact = first.ages is not None and age is not None and first.ages[0] <= age <= first.ages[1]
    if exact or (len(path) > 1 and first.age is None):
        return turn
    about = turn.about.with_(age=first.age)
    return replace(turn, conversation=replace(turn.conversation, about=about))


def _asked(
    turn: Turn, tree: StatusTree, path: tuple[str, ...], question: StatusQuestion, *, begins: bool = False
) -> Decision:
    blocks = [tree.words.intro] if begins else []
    if len(path) == 1 and (noted := _noted_age(turn, tree, path)):
        blocks.append(turn.base.words.fill(tree.words.using_age, age=noted))
    blocks.append(fill(question.asks, turn.base, turn.today).strip())
    actions = [Action(answer.label, keys.status(*path, name)) for name, answer in question.answers.items()]
    if len(path) == 1:
        actions.append(Action(tree.words.other_age, keys.status(AGE)))
    elif path:
        actions.append(Action(tree.words.back, keys.status(*path[:-1])))
    conversation = replace(turn.conversation, asked=None if path else ASKED_AGE)
    return Decision((Reply("\n\n".join(blocks), tuple(actions)),), conversation, Outcome.SMALL_TALK)


def _noted_age(turn: Turn, tree: StatusTree, path: tuple[str, ...]) -> str | None:
    """The age as it is kept, in words."""
    answer = tree.questions[tree.tree[tree.first].question].answers[path[0]]
    kept = turn.about.age
    return str(kept) if kept is not None and kept != answer.age else answer.noted


def _found(turn: Turn, tree: StatusTree, stop: Stop, result: StatusResult) -> Decision:
    nation = next((a.nation for a in stop.answers if a.nation), None)
    about = turn.about.with_(status=result.status, nation=nation)
    topic = tree.topic if tree.topic in turn.base.entry else None
    blocks = _says(turn, tree, result, nation)
    blocks[1:1] = [a.adds for a in stop.answers if a.adds]
    blocks += [_noted(turn, tree, stop, about), _small_print(turn, tree, stop, result)]
    reply = Reply("\n\n".join(b for b in blocks if b), _buttons(turn, tree, stop.answers, result), Kind.ANSWER)
    return Decision(
        say_now=(reply,),
        conversation=replace(turn.conversation, about=about, asked=None, misses=0, topic=topic),
        outcome=Outcome.ANSWER,
        topic=topic,
        score=1.0,
    )


def _says(turn: Turn, tree: StatusTree, result: StatusResult, nation: str | None) -> list[str]:
    """What somebody is, what it gives, and the words to use."""
    words = tree.words

    def said(text: str) -> str:
        return fill(_with_nation(turn, text, nation), turn.base, turn.today).strip()

    blocks = [f"**{said(result.title)}** {said(result.means)}"]
    for kind, heading in (("must", words.must), ("may", words.may)):
        if lines := [f"- {said(text)}" for right in result.gives if (text := getattr(right, kind))]:
            blocks.append("\n".join([heading, *lines]))
    blocks.append(turn.base.words.fill(words.legal, legal=said(result.legal)))
    blocks.append(f"{words.say}\n{said(result.say)}")
    return blocks


def _with_nation(turn: Turn, text: str, nation: str | None) -> str:
    """A text with the other nation's name, and where its own rules are found; all of them when it is not known."""
    nations = turn.base.words.nations
    if nation in nations:
        return turn.base.words.fill(text, nation=_name(nation or ""), pointer=nations[nation or ""].pointer)
    every = "".join(f"\n- {_name(slug)}: {each.pointer}" for slug, each in nations.items())
    return turn.base.words.fill(text, pointer=every)


def _name(nation: str) -> str:
    return nation.replace("-", " ").title()


def _noted(turn: Turn, tree: StatusTree, stop: Stop, about: About) -> str:
    """What is now kept, and how to change it; or that what was kept before is gone."""
    words, found = tree.words, []
    if about.age is not None and stop.answers and stop.answers[0].noted:
        exact = about.age if about.age != stop.answers[0].age else stop.answers[0].noted
        found.append(turn.base.words.fill(words.noted_age, age=exact))
    if about.nation is not None:
        found.append(turn.base.words.fill(words.noted_nation, nation=_name(about.nation)))
    if about.status is not None:
        found.append(turn.base.words.fill(words.noted_status, status=status_name(tree, about.status)))
    lines = [words.cleared] if turn.about.status is not None and about.status is None else []
    if found:
        lines.append(turn.base.words.fill(words.noted, what=", ".join(found)))
    return "\n".join(lines)


def _small_print(turn: Turn, tree: StatusTree, stop: Stop, result: StatusResult) -> str:
    """Whose rule it is, when it was checked, and the most official place it comes from."""
    words = turn.base.words
    named = (*result.facts, *(fact for answer in stop.answers for fact in answer.facts))
    sources = tuple(s for name in named if name in turn.base.fact for s in turn.base.fact[name].sources)
    parts = [words.source.law, words.fill(words.checked, date=show.day(tree.checked)), show.most_official(sources)]
    line = f"*{' · '.join(p for p in parts if p)}*"
    return f"{words.being_checked}\n{line}" if turn.today > tree.review_by else line


def _buttons(
    turn: Turn, tree: StatusTree, answers: tuple[StatusAnswer, ...], result: StatusResult
) -> tuple[Action, ...]:
    words, entry = turn.base.words, turn.base.entry
    topics = dict.fromkeys([*(t for answer in answers for t in answer.topics), *result.topics])
    shown = [entry[t] for t in topics if t in entry][:MOST_TOPICS]
    return (
        *(Action(each.label, keys.topic(each.id)) for each in shown),
        Action(tree.words.again, keys.STATUS),
        Action(words.buttons.person, keys.PERSON),
        Action(words.buttons.menu, keys.MENU),
    )
