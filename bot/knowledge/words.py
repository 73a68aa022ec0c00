"""The interface's words, each by name, so that one that is missing is a fault and not a silence."""

from __future__ import annotations

from typing import Any

from bot.knowledge.entry import Part, Text
from bot.knowledge.leafletwords import LeafletWords


class SourceWords(Part):
    law: Text
    guidance: Text
    local: Text
    practice: Text
    overlay: Text


class MediaWords(Part):
    photo: Text
    voice: Text
    sticker: Text
    other: Text


class Buttons(Part):
    menu: Text
    council: Text
    age: Text
    rather_not: Text
    help_now: Text
    person: Text
    more: Text
    how: Text
    how_much: Text
    who: Text
    ring: Text
    district: Text
    if_no: Text
    easy: Text
    helped: Text
    not_helped: Text
    none: Text
    safe: Text
    want_person: Text
    back: Text


class FollowUps(Part):
    """Short messages that ask for a part of the entry just shown."""

    how_much: tuple[Text, ...]
    how: tuple[Text, ...]
    if_no: tuple[Text, ...]
    who: tuple[Text, ...]
    ring: tuple[Text, ...]
    more: tuple[Text, ...]
    easy: tuple[Text, ...]


class Nation(Part):
    names: tuple[Text, ...]
    pointer: Text


class RouteWords(Part):
    """How something is got, and who says yes or no."""

    kinds: dict[str, Text]
    evidence: Text
    takes: Text
    meanwhile: Text
    decides: Text
    challenge: Text
    tiers: dict[str, Text]  # whose decision it is, where nobody is named


class AmountWords(Part):
    """A figure as a sentence, and what it is made of."""

    kinds: dict[str, Text]
    of: Text
    per: dict[str, str]
    year: Text
    parts: Text
    stages: Text
    part: Text
    stage: Text
    disputed: Text
    planned: Text


class WhomWords(Part):
    """Who can have something, a line for each condition."""

    intro: Text
    ages: Text
    age_from: Text
    age_to: Text
    ends: dict[str, Text]
    status: Text
    turned_18_from: Text
    turned_18_until: Text
    looked_after_by: dict[str, Text]
    lives: dict[str, Text]
    home: Text
    study: dict[str, Text]
    work: dict[str, Text]
    parent: dict[str, Text]
    custody: dict[str, Text]
    either: Text  # between the last two of several


class RingWords(Part):
    """Whom to ring at a council: what each number really is, and whether somebody answers it now."""

    intro: Text
    topics: dict[str, tuple[str, ...]]  # role of a pack: the beginnings of topic ids it is for
    not_on: tuple[str, ...]  # beginnings of topic ids under which no number helps
    call: Text
    text: Text
    email: Text
    web: Text
    kinds: dict[str, Text]
    open: Text
    closed: Text
    unconfirmed: Text
    emergency: Text
    partner: Text
    offer: Text
    checked: Text


class PlaceWords(Part):
    """Where somebody lives: asked only when an answer turns on it."""

    ask: Text
    not_sure: Text
    unsure: tuple[Text, ...]  # the same, as it is typed
    set: Text
    declined: Text
    unknown: Text
    elsewhere: Text
    not_in: Text
    lives_in: Text
    council_and_place: Text
    council_said: Text
    theirs: Text


class GlossaryWords(Part):
    """A word explained, and what the council calls it."""

    line: Text
    council: Text
    only_council: Text
    ask: tuple[Text, ...]  # ways of asking for a word's meaning; {word} stands for it


class TranslationWords(Part):
    """What is said of a translation, and what each language calls itself."""

    reviewed: Text
    person: Text
    older: Text
    general: Text
    languages: dict[str, Text]


class EntitlementWords(Part):
    """The words of "what can I get?". Answers are by the code that stands for them in a button's key."""

    button: Text
    ask: tuple[Text, ...]  # messages that ask for the list
    topics: tuple[str, ...] = ()  # entries that offer the list on a button
    start: Text
    age: Text
    ages: dict[str, Text]
    council: Text
    other_council: Text
    status: Text
    statuses: dict[str, Text]
    doing: Text
    doings: dict[str, Text]
    home: Text
    homes: dict[str, Text]
    parent: Text
    parents: dict[str, Text]
    skip: Text
    intro: Text
    more_intro: Text
    for_you: Text
    first: Text
    must: Text
    will: Text
    will_unknown: Text
    may: Text
    unsure: Text
    no_local: Text
    no_council: Text
    small_print: Text
    show_more: Text
    again: Text
    leaflet: LeafletWords | None = None


class NewsWords(Part):
    """The words of "what's new in my offer?"."""

    button: Text
    ask: tuple[Text, ...]
    intro: Text
    intro_council: Text
    change: Text
    change_council: Text
    coming: Text
    coming_item: Text
    events: Text
    event: Text
    next_event: Text
    nothing: Text
    show_more: Text


class Words(Part):
    welcome: Text
    help: Text
    privacy: Text
    my_data: Text
    my_data_nothing: Text
    my_data_place: Text
    my_data_words: Text
    deleted: Text
    delete_failed: Text
    menu: Text
    menu_area: Text
    ask_council: Text
    council_letter: Text
    council_set: Text
    council_set_national: Text
    council_district: Text
    council_which: Text
    council_unknown: Text
    council_other_nation: Text
    council_declined: Text
    ask_age: Text
    age_set: Text
    age_declined: Text
    age_young: Text
    age_over: Text
    tell_age: Text
    tell_council: Text
    as_you_are: Text
    living_in: Text
    in_place: Text
    before: Text
    other_nation: Text
    in_council: str
    do: str
    if_no: str
    say: str
    who: str
    ages: str
    myth: str
    sources: Text
    law: Text
    must: str
    will: str
    may: str
    source: SourceWords
    checked: Text
    reviewed: Text
    being_checked: Text
    withdrawn: Text
    no_section: Text
    not_known_fact: Text
    maybe: Text
    asked_also: Text
    remember: Text
    remembered: Text
    nothing_to_remember: Text
    unknown: Text
    unknown_again: Text
    unknown_many: Text
    none_of_these: Text
    empty: Text
    only_signs: Text
    long_message: Text
    media: MediaWords
    old_button: Text
    helped: Text
    not_helped: Text
    check_in: Text
    safe: Text
    bot_line: Text
    lines_intro: Text
    person: Text
    person_no_council: Text
    person_no_pack: Text
    person_lines: Text
    switched_off: Text
    answers_broken: Text
    answers_starting: Text
    not_known_council: Text
    not_known_but: Text
    not_local: Text
    our_fault: Text
    not_saved: Text
    buttons: Buttons
    follow_ups: FollowUps
    nations: dict[str, Nation]
    route: RouteWords
    amount: AmountWords
    whom: WhomWords
    ring: RingWords
    place: PlaceWords
    glossary: GlossaryWords
    translation: TranslationWords
    commands: dict[str, Text]  # what Telegram lists: the word after "/", and what it does
    entitlements: EntitlementWords | None = None
    news: NewsWords | None = None

    @property
    def list_topics(self) -> tuple[str, ...]:
        """The entries that offer the list of what one can get."""
        return self.entitlements.topics if self.entitlements else ()

    def fill(self, template: str, **values: Any) -> str:
        """A template with its names in braces filled in; what has no value stays as it stands."""
        for key, value in values.items():
            template = template.replace("{" + key + "}", str(value))
        return template
