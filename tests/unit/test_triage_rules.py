"""What the rules alone hear. The messages are this file's own: none is from an evaluation set."""

import pytest

from bot.domain.messages import Assessment, Urgency
from bot.domain.people import About
from bot.triage import Triage, assess
from tests.eval.triage import make_triage

NOTHING = About()


@pytest.fixture(scope="module")
def ruled() -> Triage:
    return make_triage(rules_only=True)


def level(text: str, triage: Triage, about: About = NOTHING) -> str:
    return assess(text, about, triage).urgency.value


@pytest.mark.parametrize(
    "text",
    [
        "im going to kill myself tonight",
        "ive got the tablets in front of me",
        "by the time you read this ill be gone",
        "i took 30 paracetamol an hour ago",
        "my mate wont wake up",
        "i cant breathe and my lips are going blue",
        "hes outside my flat with a knife",
        "my little brother hasnt come home hes only 12",
        "im going to stab him",
        "i can smell gas in my flat",
        "im pregnant and bleeding loads",
        "they are taking me to pakistan tomorrow to marry a man i dont know",
    ],
)
def test_life_or_safety_at_risk_now_is_an_emergency(text: str, ruled: Triage) -> None:
    assert level(text, ruled) == "emergency"


@pytest.mark.parametrize(
    "text",
    [
        "i dont want to be here anymore",
        "everyone would be better off without me",
        "ive started cutting again",
        "my foster carer hits me",
        "he wont let me see my friends and checks my phone",
        "they make me carry drugs",
        "i was raped when i was 15",
        "i have no food and no money till friday",
        "im being evicted on monday",
        "hearing voices telling me im worthless",
        "someone has my nudes and is blackmailing me",
    ],
)
def test_a_person_is_needed_today(text: str, ruled: Triage) -> None:
    assert level(text, ruled) in ("urgent", "emergency")


@pytest.mark.parametrize(
    "text",
    [
        "this essay is killing me",
        "im dying for a brew",
        "my phone died again",
        "my hours got cut at work",
        "i smashed my interview",
        "theyve cut my hair too short",
        "can i get help with my council tax",
        "missed the bus to college",
        "dead excited for my new flat",
        "we got battered 5 nil",
    ],
)
def test_figures_of_speech_raise_no_alarm(text: str, ruled: Triage) -> None:
    assert level(text, ruled) == "none"


def test_a_sixteen_year_old_with_nowhere_to_sleep_tonight_is_an_emergency(ruled: Triage) -> None:
    assert level("ive got nowhere to sleep tonight im 16", ruled) == "emergency"
    assert level("ive got nowhere to sleep tonight", ruled, About(age=17)) == "emergency"


@pytest.mark.parametrize("about", [About(), About(age=18), About(age=22)])
def test_nowhere_to_sleep_is_urgent_from_eighteen_or_when_the_age_is_not_known(about: About, ruled: Triage) -> None:
    assert level("ive got nowhere to sleep tonight", ruled, about) == "urgent"


def test_the_age_in_the_message_counts_more_than_the_one_known(ruled: Triage) -> None:
    assert level("nowhere to sleep tonight and im 17", ruled, About(age=19)) == "emergency"


def test_after_a_figure_of_speech_the_rest_is_heard(ruled: Triage) -> None:
    assert level("this course is killing me and i want to die", ruled) == "urgent"


def test_danger_in_the_middle_of_a_long_message_is_heard(ruled: Triage) -> None:
    text = "so i moved in last week and the flat is nice. " * 4
    assert level(text + "my boyfriend punched me in the face. " + text, ruled) != "none"


def test_saying_not_suicidal_is_no_alarm_but_a_soft_line(ruled: Triage) -> None:
    assert assess("im not suicidal i just need help with rent", NOTHING, ruled).urgency is Urgency.NONE


def test_course_work_is_no_alarm_but_real_danger_beside_it_is(ruled: Triage) -> None:
    assert level("writing an essay about suicide for college", ruled) == "none"
    assert level("writing an essay about suicide but honestly i want to kill myself", ruled) != "none"


def test_somebody_else_at_risk_is_told_apart(ruled: Triage) -> None:
    assert assess("my friend says she wants to kill herself", NOTHING, ruled).about_other
    assert not assess("my mum makes me want to kill myself", NOTHING, ruled).about_other


def test_the_reasons_are_words_of_the_message(ruled: Triage) -> None:
    text = "hi quick one about my grant, i want to kil myself"
    found = assess(text, NOTHING, ruled)
    assert found.reasons
    assert all(reason in text.replace(",", "") for reason in found.reasons)
    assert found.category == "safety.suicide"
    assert found.matched


@pytest.mark.parametrize(
    "text",
    [
        "i want to d1e",
        "k m s",
        "i w a n t  t o  k i l l  m y s e l f",
        "suic1dal",
        "unalive myself",
        "i want 2 kill myslef",
        "⚰️",
    ],
)
def test_disguised_spellings_are_heard(text: str, ruled: Triage) -> None:
    assert level(text, ruled) != "none"


@pytest.mark.parametrize(
    "text",
    [
        "اريد ان اموت",
        "أريد أن أموت",
        "میخواهم بمیرم",
        "می‌خواهم خودکشی کنم",
        "دەمەوێت بمرم",
        "ክመውት ደልየ",
        "dua te vdes",
        "tôi muốn chết",
        "toi muon chet",
        "хочу померти",
        "je veux mourir",
        "ليس عندي مكان",
        "ніде спати",
        "nulle part où dormir",
        "он бьет меня",
        "il me frappe",
        "anh ấy đánh tôi",
        "ساعدوني",
        "допоможіть",
    ],
)
def test_the_commonest_calls_for_help_in_other_languages_are_heard(text: str, ruled: Triage) -> None:
    assert level(text, ruled) != "none"


def test_an_assessment_never_shows_the_words_in_a_log(ruled: Triage) -> None:
    found: Assessment = assess("i want to kill myself", NOTHING, ruled)
    assert "kill" not in repr(found)
