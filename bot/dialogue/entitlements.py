""" "What can I get?": at most six taps, each of them in the next button's key, then one list in three parts.

A key is `g:<answers>[:<council>[:<shown>]]`: a letter for each question (`.` not asked yet, `?` ask though it is
known, `-` not sure), the slug of a council (`-` when it is not said), and how many of the list have been shown. So an
old button still works, and nothing that is tapped is kept but age and council, which the conversation holds anyway.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.dialogue import keys, show
from bot.dialogue.council import OLDEST, YOUNGEST, other_nation
from bot.dialogue.follow import bare, bare_all
from bot.dialogue.leaflet import leaflet_button
from bot.dialogue.turn import Decision, Turn
from bot.domain.messages import Action, Outcome, Reply
from bot.domain.people import About
from bot.knowledge.answer import fill
from bot.knowledge.base import Base
from bot.knowledge.entitlements import EVERY_STATUS, NO_STATUS, Offer, Situation, what_can_i_get
from bot.knowledge.words import EntitlementWords

PER_PAGE = 10
UNASKED, AGAIN, SKIP = ".", "?", "-"
QUESTIONS = ("age", "status", "doing", "home", "parent")  # the letters of a key, in this order
ORDER = ("age", "council", "status", "doing", "home", "parent")  # in which they are asked
OVER = "o"
AGES = {str(age)[-1]: age for age in range(YOUNGEST, OLDEST + 1)} | {OVER: OLDEST + 1}
STATUSES = {
    "i": frozenset({"eligible"}),
    "l": frozenset({"relevant", "former-relevant"}),
    "f": frozenset({"qualifying"}),
    "n": frozenset({NO_STATUS}),
    SKIP: EVERY_STATUS,
}
DOINGS: dict[str, tuple[str, str | None]] = {  # study, work
    "c": ("college", None),
    "u": ("university", None),
    "a": ("apprenticeship", "yes"),
    "w": ("no", "yes"),
    "b": ("college", "yes"),
    "n": ("no", "no"),
}
HOMES = {
    "o": "own-tenancy",
    "s": "supported",
    "p": "staying-put",
    "c": "childrens-home",
    "f": "with-family",
    "u": "uni",
    "h": "homeless",
    "j": "custody",
}
PARENTS = {"y": "yes", "n": "no"}
CODES: dict[str, Mapping[str, object]] = {
    "age": AGES,
    "status": STATUSES,
    "doing": DOINGS,
    "home": HOMES,
    "parent": PARENTS,
}


@dataclass(frozen=True, slots=True)
class Path:
    """What has been tapped so far."""

    answers: str = UNASKED * len(QUESTIONS)
    council: str = ""  # slug, "-", "?", or "" for not asked
    shown: int = 0

    @classmethod
    def parse(cls, rest: str, base: Base) -> Path | None:
        """None for a key that means nothing any more."""
        if not rest:
            return cls()
        answers, _, tail = rest.partition(":")
        council, _, shown = tail.partition(":")
        shown = shown or "0"
        means = len(answers) == len(QUESTIONS) and all(map(_means, QUESTIONS, answers))
        counts = shown.isascii() and shown.isdigit() and len(shown) <= 3
        if means and counts and council in ("", SKIP, AGAIN, *base.council):
            return cls(answers, council, int(shown))
        return None

    def code(self, question: str) -> str:
        return self.answers[QUESTIONS.index(question)]

    def answer(self, question: str, code: str) -> Path:
        if question == "council":
            return replace(self, council=code)
        at = QUESTIONS.index(question)
        return replace(self, answers=self.answers[:at] + code + self.answers[at + 1 :])

    @property
    def begun(self) -> bool:
        return not set(self.answers) | {self.council or UNASKED} <= {UNASKED, AGAIN}

    @property
    def key(self) -> str:
        tail = f":{self.council}" if self.council or self.shown else ""
        return f"{keys.ENTITLEMENTS}:{self.answers}{tail}" + (f":{self.shown}" if self.shown else "")


def _means(question: str, code: str) -> bool:
    return code in (UNASKED, AGAIN, SKIP) or code in CODES[question]


def asks_for_list(base: Base, text: str) -> bool:
    """Whether a message is one of the ways of asking for the list."""
    words = base.words.entitlements
    return words is not None and bare(text) in bare_all(words.ask)


def entitled(turn: Turn, rest: str = "") -> Decision | None:
    """The next question, or the list. None where there is no such list, or the key means nothing any more."""
    words, path = turn.base.words.entitlements, Path.parse(rest, turn.base)
    if words is None or path is None or not turn.base.entitlements:
        return None
    if (nation := turn.about.nation) and nation in turn.base.words.nations:
        return _said(turn, other_nation(turn.base, nation), turn.about)
    about = _about(turn, path)
    question = next((q for q in ORDER if not _known(turn, path, q)), None)
    reply = _ask(turn.base, words, path, question, about) if question else _list(turn, words, path, about)
    if reply is None:
        return None
    return _said(turn, reply, about.with_(age=None) if path.code("age") == OVER else about)


def _said(turn: Turn, reply: Reply, about: About) -> Decision:
    conversation = replace(turn.conversation, about=about, asked=None, topic=None, misses=0)
    return Decision(say_now=(reply,), conversation=conversation, outcome=Outcome.SMALL_TALK)


def _about(turn: Turn, path: Path) -> About:
    """What the conversation knows; a later tap is the better one, also "rather not say"."""
    about, age = turn.about, path.code("age")
    if age in AGES or age == SKIP:
        about = about.with_(age=AGES.get(age))
    if path.council not in ("", AGAIN, about.council):
        about = about.with_(council=None if path.council == SKIP else path.council, district=None)
    return about


def _known(turn: Turn, path: Path, question: str) -> bool:
    """Answered, passed over, or told in the conversation before."""
    code = path.council or UNASKED if question == "council" else path.code(question)
    if code in (UNASKED, AGAIN):
        told = {"age": turn.about.age, "status": turn.about.status, "council": turn.about.council}.get(question)
        declined = question == "council" and turn.conversation.council_declined
        return code == UNASKED and (told is not None or declined)
    return True


def _ask(base: Base, words: EntitlementWords, path: Path, question: str, about: About) -> Reply:
    labels: dict[str, str] = {
        "age": words.ages,
        "council": {slug: base.council[slug].short or base.council[slug].name for slug in local_councils(base)},
        "status": {code: text for code, text in words.statuses.items() if code != "i" or (about.age or 0) < 18},
        "doing": words.doings,
        "home": words.homes,
        "parent": words.parents,
    }[question]
    actions = [Action(label, path.answer(question, code).key) for code, label in labels.items()]
    if question == "council":
        actions.append(Action(words.other_council, path.answer(question, SKIP).key))
    skip = Action(words.skip, path.answer(question, SKIP).key)
    text = getattr(words, question).strip()
    return Reply(text if path.begun else f"{words.start.strip()}\n{text}", (*actions, skip))


def local_councils(base: Base) -> tuple[str, ...]:
    """The councils whose own offers stand in the list."""
    named = {slug for item in base.entitlements for slug in item.when.council}
    return tuple(slug for slug in base.council if slug in named)


def situation_of(path: Path) -> Situation:
    study, work = DOINGS.get(path.code("doing"), (None, None))
    return Situation(
        statuses=STATUSES.get(path.code("status")),
        study=study,
        work=work,
        home=HOMES.get(path.code("home")),
        parent=PARENTS.get(path.code("parent")),
    )


def _list(turn: Turn, words: EntitlementWords, path: Path, about: About) -> Reply | None:
    """A page of the list, in its three parts. None where nothing stands in it for anybody like this."""
    base, offers = turn.base, what_can_i_get(turn.base, about, situation_of(path), turn.today)
    page = offers[path.shown : path.shown + PER_PAGE] or offers[-PER_PAGE:]
    if not page:
        return None
    left = max(len(offers) - path.shown - PER_PAGE, 0)
    blocks = [words.more_intro] if path.shown else _top(turn, words, about, offers)
    for kind in ("must", "will", "may"):
        if lines := [_line(turn, offer) for offer in page if offer.item.kind == kind]:
            blocks.append("\n".join([_heading(base, words, kind, about), *lines]))
    blocks += [words.unsure] if any(offer.unsure for offer in page) else []
    blocks += [*([] if path.shown else _whose(base, words, about)), words.small_print]
    more = Action(base.words.fill(words.show_more, count=left), replace(path, shown=path.shown + PER_PAGE).key)
    ends = (Action(words.again, Path(AGAIN * len(QUESTIONS), AGAIN).key), Action(base.words.buttons.menu, keys.MENU))
    actions = (*_topics(page), *((more,) if left else ()), *leaflet_button(base, about), *ends)
    return Reply("\n\n".join(blocks), actions)


def _top(turn: Turn, words: EntitlementWords, about: About, offers: tuple[Offer, ...]) -> list[str]:
    """Whom the list is for, and the one thing to do first: what is sure comes before what may not fit."""
    fill_in = turn.base.words.fill
    told = [str(about.age)] if about.age is not None and about.age <= OLDEST else []
    told += [show.council_name(turn.base, about.council)] if about.council else []
    for_you = [fill_in(words.for_you, what=" · ".join(told))] if told else []
    first = next((offer for offer in offers if not offer.unsure), offers[0])
    return ["\n".join([words.intro, *for_you]), fill_in(words.first, step=_filled(turn, first.item.first_step))]


def _whose(base: Base, words: EntitlementWords, about: About) -> list[str]:
    """Said plainly where no council's own offers are in the list: silence is not "you get nothing"."""
    if about.council is None:
        return [words.no_council]
    return [] if about.council in local_councils(base) else [_naming(base, words.no_local, about)]


def _heading(base: Base, words: EntitlementWords, kind: str, about: About) -> str:
    if kind != "will":
        return words.must if kind == "must" else words.may
    return _naming(base, words.will, about) if about.council else words.will_unknown


def _naming(base: Base, text: str, about: About) -> str:
    return base.words.fill(text, council=show.council_name(base, about.council))


def _line(turn: Turn, offer: Offer) -> str:
    item = offer.item
    condition = f"*{item.unsure}:* " if offer.unsure else ""
    return f"- **{item.title}.** {condition}{_filled(turn, item.text)}"


def _filled(turn: Turn, text: str) -> str:
    return fill(text, turn.base, turn.today)


def _topics(page: tuple[Offer, ...]) -> list[Action]:
    """A button for each topic of the page, named as the first thing of it."""
    titles: dict[str, str] = {}
    for offer in page:
        titles.setdefault(offer.item.topic, offer.item.title)
    return [Action(title, keys.topic(topic)) for topic, title in titles.items()]
