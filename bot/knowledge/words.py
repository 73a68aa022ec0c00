"""The interface's words, each by name, so that one that is missing is a fault and not a silence."""

from __future__ import annotations

from typing import Any

from bot.knowledge.entry import Part, Text


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
    more: tuple[Text, ...]
    easy: tuple[Text, ...]


class Nation(Part):
    names: tuple[Text, ...]
    pointer: Text


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
    age_out_of_range: Text
    tell_age: Text
    tell_council: Text
    as_you_are: Text
    in_council: str
    do: str
    if_no: str
    say: str
    who: str
    ages: str
    myth: str
    sources: Text
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
    person_team: Text
    person_night: Text
    person_no_council: Text
    person_no_pack: Text
    person_lines: Text
    switched_off: Text
    answers_broken: Text
    answers_starting: Text
    not_known_council: Text
    not_local: Text
    our_fault: Text
    not_saved: Text
    buttons: Buttons
    follow_ups: FollowUps
    nations: dict[str, Nation]
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
