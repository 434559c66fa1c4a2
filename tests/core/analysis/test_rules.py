"""Every rule speaks when it should, what it says holds, and no two of them contradict each other."""

import re
from collections.abc import Callable, Iterator, Sequence

import pytest
from hypothesis import given as generated
from hypothesis import settings
from hypothesis import strategies as st

from tests.fakes.athletes import MadeUp, made_up_athletes
from training_analyzer.analysis.contexts import Subject, build_context, week_context
from training_analyzer.analysis.draft import Draft, rules_draft
from training_analyzer.analysis.grounding import check, is_medical
from training_analyzer.analysis.language.texts import ENGLISH, catalogue_of
from training_analyzer.analysis.rendering import by_id, render
from training_analyzer.analysis.rules.catalogue import BY_ID, RULES, SOURCES, Rule
from training_analyzer.analysis.rules.engine import fire
from training_analyzer.analysis.training import Best, Role, Training
from training_analyzer.domain.insight import Context, Coverage, Fact, InsightKind, Stance
from training_analyzer.domain.style import Language, Style

Athlete = Callable[..., Training]
WEEK = (0, 60, 0, 80, 0, 120, 40)
NOTHING = (0,) * 7
EVERY_DAY = (60, 60, 60, 80, 60, 120, 40)
OLD = Coverage(activities=20, activities_covered=20, load_share=1, estimated_share=0, history_days=365)
KINDS = (InsightKind.WEEK, InsightKind.STATE, InsightKind.MONTH, InsightKind.ACTIVITY)


def ids(given: Training) -> list[str]:
    return [rule.id for rule in week_context(given).rules]


def fact(fact_id: str, value: float, direction: str | None = None) -> Fact:
    return Fact.model_validate({"id": fact_id, "label": fact_id, "value": value, "direction": direction})


@pytest.mark.parametrize(
    ("kind", "weeks", "rule"),
    [
        ("week", [WEEK] * 18 + [(0, 120, 0, 160, 0, 240, 80)], "load_spike"),
        ("week", [WEEK] * 18 + [(0, 80, 0, 100, 0, 140, 50)], "load_up"),
        ("week", [WEEK] * 18 + [(0, 30, 0, 40, 0, 60, 20)], "load_down"),
        (
            "week",
            [WEEK] * 18 + [(0, 100, 0, 130, 0, 190, 70), (0, 50, 0, 50, 0, 80, 0)],
            "week_after_big_one",
        ),
        (
            "week",
            [WEEK] * 18 + [[load * 0.6 for load in WEEK]] * 4 + [(0, 30, 0, 30, 0, 50, 0)],
            "load_keeps_falling",
        ),
        ("week", [WEEK] * 18 + [(100, 100, 100, 100, 100, 150, 100)], "ramp_high"),
        ("state", [[load * 2.5 for load in WEEK]] * 18 + [[load * 3.5 for load in WEEK]], "ramp_brisk"),
        ("state", [WEEK] * 18 + [[load * 1.3 for load in WEEK]] * 5, "fitness_gain"),
        ("state", [WEEK] * 18 + [[load * 0.5 for load in WEEK]] * 5, "fitness_loss"),
        ("month", [WEEK] * 18 + [[load * 1.3 for load in WEEK]] * 5, "month_fitness_gain"),
        ("month", [WEEK] * 18 + [[load * 0.5 for load in WEEK]] * 5, "month_fitness_loss"),
        ("week", [WEEK] * 18 + [(0, 0, 0, 200, 200, 200, 100)], "form_very_negative"),
        ("state", [WEEK] * 18 + [(0, 60, 0, 80, 0, 120, 120)], "form_productive"),
        ("state", [[150] * 7] * 12 + [(0, 0, 20, 0, 0, 0, 0)], "form_very_fresh"),
        ("state", [WEEK] * 18 + [(0, 20, 0, 20, 0, 20, 0)], "state_fresh"),
        ("week", [WEEK] * 18 + [NOTHING] * 4 + [WEEK], "returning"),
        ("state", [WEEK] * 18 + [NOTHING] * 4 + [WEEK], "state_returning"),
        ("week", [NOTHING, WEEK, *[NOTHING] * 4, WEEK], "back_after_break"),
        ("week", [WEEK] * 18 + [NOTHING], "inactive"),
        ("state", [WEEK] * 18 + [NOTHING], "state_inactive"),
        ("week", [WEEK] * 18 + [NOTHING] * 2, "pause"),
        ("state", [WEEK] * 18 + [NOTHING] * 3, "state_pause"),
        ("state", [[load * 2 for load in WEEK]] * 18 + [NOTHING] * 3, "fitness_loss"),
        ("week", [WEEK] * 18 + [NOTHING] * 6, "long_inactive"),
        ("state", [WEEK] * 18 + [NOTHING] * 6, "long_inactive"),
        ("week", [WEEK] * 18 + [EVERY_DAY], "no_rest_day"),
        ("week", [WEEK] * 18 + [(0, 50, 0, 50, 0, 250, 0)], "one_long_session"),
        ("week", [WEEK] * 2, "short_history"),
        ("week", [WEEK] * 18, "like_the_weeks_before"),
        ("week", [NOTHING, (0, 0, 0, 0, 0, 70, 0)] * 8, "hardly_anything_to_compare"),
        ("month", [NOTHING, (0, 0, 0, 0, 0, 30, 0)] * 8, "month_hardly_comparable"),
        ("month", [WEEK] * 5, "month_first"),
        ("week", [WEEK] * 2, "nothing_to_compare"),
        ("week", [NOTHING] * 2, "nothing_recorded"),
    ],
)
def test_it_speaks_when_it_should(athlete: Athlete, kind: str, weeks: list[list[float]], rule: str) -> None:
    context = build_context(athlete(*weeks), Subject(InsightKind(kind)))
    assert context is not None
    assert rule in [fired.id for fired in context.rules]


BREAK = {"break_days": (14, None), "days_since_previous": (2, None)}


def session_rules(**facts: tuple[float, str | None]) -> set[str]:
    """Return which rules speak of a session with these facts."""
    of_it = {"session_time": (1.0, None), "session_load": (60.0, None), **facts}
    made_facts = [fact(name, value, direction) for name, (value, direction) in of_it.items()]
    return {rule.id for rule in fire(made_facts, InsightKind.ACTIVITY, OLD).rules}


def test_a_big_session_soon_after_a_break_is_not_called_small() -> None:
    big = {"session_load_change": (120.0, "up"), "session_time_change": (90.0, "up")}
    assert session_rules(**BREAK, **big, weeks_since_longer=(30, None)) == {"session_big_in_return"}
    small = {"session_load_change": (40.0, "down"), "session_time_change": (40.0, "down")}
    assert session_rules(**BREAK, **small) == {"session_in_return"}
    assert "small" not in ENGLISH.rules["session_in_return"].text


def test_a_session_is_called_short_only_if_it_was_and_of_little_cost_only_if_it_was() -> None:
    lighter = {"session_load_change": (40.0, "down")}
    assert session_rules(**lighter, session_time_change=(40.0, "down")) == {"session_small"}
    assert session_rules(**lighter, session_time_change=(2.0, "flat")) == {"session_light"}
    shorter = {"session_time_change": (40.0, "down"), "session_time_usual": (2.0, None)}
    assert session_rules(**shorter, session_load_change=(3.0, "flat")) == {"session_shorter"}
    assert session_rules(**shorter, session_load_change=(12.0, "up")) == {"session_ordinary"}


def test_what_is_the_most_there_ever_was_is_not_said_to_have_been_there() -> None:
    for language in Language:
        texts = catalogue_of(language).rules
        assert "weeks_since_longer" not in texts["session_long"].text
    assert ENGLISH.rules["session_heaviest"].text.endswith("within the last {weeks_since_heavier}.")


def test_a_break_is_one_only_for_who_trained_regularly(athlete: Athlete) -> None:
    once = (0, 0, 60, 0, 0, 0, 0)
    for weeks, is_break in (([WEEK] * 18 + [NOTHING] * 2, True), ([once, NOTHING] * 9, False)):
        training = athlete(*weeks, (0, 0, 60, 0, 0, 0, 0))
        context = build_context(training, Subject(InsightKind.ACTIVITY, training.sessions[-1].key))
        assert context is not None
        assert ("session_after_break" in [rule.id for rule in context.rules]) is is_break
        assert (context.stance is Stance.EASE) is is_break


def test_after_weeks_off_nobody_is_told_to_be_still_in_training(athlete: Athlete) -> None:
    for days, expected in ((11, "state_inactive"), (12, "state_pause"), (27, "state_pause")):
        loads = [load for week in [WEEK] * 18 for load in week] + [0] * days
        training = athlete(loads)
        context = build_context(training, Subject(InsightKind.STATE))
        assert context is not None
        assert expected in [rule.id for rule in context.rules], days


@pytest.mark.parametrize(
    ("kind", "rule"),
    [("week", "week_without_load"), ("month", "month_without_load"), ("state", "state_unknown")],
)
def test_who_has_no_loads_is_not_told_to_have_just_begun(athlete: Athlete, kind: str, rule: str) -> None:
    training = athlete(*[WEEK] * 18, without=tuple(Role))
    context = build_context(training, Subject(InsightKind(kind)))
    assert context is not None
    assert [fired.id for fired in context.rules] == [rule]


MAY_BE_SAID_TWICE = {
    "long_inactive",
    *(f"record_{best}" for best in Best),
}


def test_week_state_and_month_do_not_say_the_same_of_a_day(people: dict[str, MadeUp]) -> None:
    """Who reads all three reads three things. A warning may stand in two of them."""
    for one in people.values():
        said = [
            fired.text
            for kind in (InsightKind.WEEK, InsightKind.STATE, InsightKind.MONTH)
            for fired in context_of(one, kind).rules
            if fired.severity != "warning" and not fired.caveat and fired.id not in MAY_BE_SAID_TWICE
        ]
        assert len(said) == len(set(said)), one.name


EXPECTED = {
    "steady": ("week", "like_before_and_mix"),
    "overreaching": ("week", "form_very_negative"),
    "detraining": ("month", "month_fitness_loss"),
    "returning": ("week", "returning"),
    "long_break": ("activity", "session_in_return"),
    "stopped": ("month", "month_without_training"),
    "tapering": ("week", "taper"),
    "polarised": ("month", "month_polarised"),
    "too_hard_on_easy_days": ("week", "easy_days_not_easy"),
    "all_easy": ("month", "month_all_easy"),
    "missing_data": ("week", "mostly_estimated"),
    "first_week": ("week", "short_history"),
    "run_jump": ("week", "long_run_jump"),
    "block_training": ("week", "week_after_big_one"),
    "no_easy_week": ("month", "no_easy_week"),
    "ramping": ("state", "recovery_time"),
    "monotonous": ("state", "long_without_rest"),
    "hard_in_a_row": ("week", "hard_days_in_row"),
    "record": ("week", "record_power_20min"),
    "fitter_heart": ("month", "endurance_better"),
    "drifting": ("activity", "session_drifted"),
    "one_long_ride": ("week", "one_long_session"),
    "holiday": ("state", "state_inactive"),
    "more_hours": ("week", "volume_up"),
    "harder_hours": ("week", "harder_hours"),
    "sparse": ("activity", "session_easy_kept"),
}


@pytest.fixture(scope="module")
def people() -> dict[str, MadeUp]:
    return {one.name: one for one in made_up_athletes()}


def context_of(one: MadeUp, kind: InsightKind, style: Style | None = None) -> Context:
    key = one.training.sessions[-1].key if kind is InsightKind.ACTIVITY else ""
    context = build_context(one.training, Subject(kind, key), style)
    assert context is not None
    return context


@pytest.mark.parametrize(("name", "expected"), EXPECTED.items())
def test_it_sees_what_happened_to_a_made_up_athlete(
    people: dict[str, MadeUp], name: str, expected: tuple[str, str]
) -> None:
    kind, rule = expected
    assert rule in [fired.id for fired in context_of(people[name], InsightKind(kind)).rules]


def test_a_taper_is_not_mistaken_for_lost_fitness(people: dict[str, MadeUp]) -> None:
    for kind in (InsightKind.WEEK, InsightKind.STATE, InsightKind.MONTH):
        context = context_of(people["tapering"], kind)
        spoken = [fired.id for fired in context.rules]
        assert not {"fitness_loss", "month_fitness_loss", "load_down"} & set(spoken)
        assert not any(fired.stance is Stance.BUILD for fired in context.rules)


def every_context(people: dict[str, MadeUp], style: Style | None = None) -> Iterator[Context]:
    for one in people.values():
        for kind in KINDS:
            yield context_of(one, kind, style)


def test_nobody_is_told_to_rest_and_to_build_at_once(people: dict[str, MadeUp]) -> None:
    for context in every_context(people):
        stances = {fired.stance for fired in context.rules}
        assert not {Stance.EASE, Stance.BUILD} <= stances, context.rules


@pytest.mark.parametrize("language", Language)
def test_what_the_rules_say_can_be_rendered_and_is_short(
    people: dict[str, MadeUp], language: Language
) -> None:
    style = Style(language=language)
    for context in every_context(people, style):
        draft = rules_draft(context, language)
        known = by_id(context.facts)
        for observation in draft.observations:
            text = render(observation.text, known, style)
            assert "{" not in text
            assert len(text) <= 400, text
        assert render(draft.headline, known, style)
        assert len(draft.observations) <= 4


def test_the_gravest_comes_first_and_each_topic_once(spike: Training) -> None:
    fired = week_context(spike).rules
    assert [rule.severity for rule in fired] == ["warning", "warning", "warning", "notice"]
    topics = [BY_ID[rule.id].topic for rule in fired]
    assert len(topics) == len(set(topics))


def test_what_holds_and_is_not_spoken_is_told_with_its_reason(spike: Training) -> None:
    dropped = {one.id: one.because for one in week_context(spike).suppressed}
    assert dropped["load_up"] == "load_spike"


def test_a_young_record_is_no_news(athlete: Athlete) -> None:
    """Fitness that starts at nothing rises fast, whatever the training."""
    assert not {"ramp_high", "ramp_brisk"} & set(ids(athlete(*[WEEK] * 3)))


def made(rule_id: str, **changes: object) -> Rule:
    return Rule.model_validate(
        {"id": rule_id, "kinds": ["week"], "topic": rule_id, "severity": "info", **changes}
    )


LOAD = [fact("load_week", 500), fact("load_usual", 300), fact("load_change", 66, "up")]
FITNESS = [fact("fitness", 50), fact("fitness_change_month", 8, "down")]


def spoken(facts: Sequence[Fact], *rules: Rule, coverage: Coverage = OLD) -> list[str]:
    return [fired.id for fired in fire(facts, InsightKind.WEEK, coverage, rules=rules).rules]


def test_a_rule_needs_every_fact_that_it_mentions() -> None:
    assert spoken(LOAD[:2], made("load_spike")) == []
    assert spoken(LOAD, made("load_spike")) == ["load_spike"]


def test_a_rule_needs_its_history_and_its_measured_share() -> None:
    young = OLD.model_copy(update={"history_days": 10})
    guessed = OLD.model_copy(update={"estimated_share": 0.6})
    assert spoken(LOAD, made("load_spike", history_days=84), coverage=young) == []
    assert spoken(LOAD, made("load_spike", estimated_at_most=0.5), coverage=guessed) == []


def test_the_lighter_of_two_that_contradict_is_dropped() -> None:
    grave = made("load_spike", severity="warning", stance="ease")
    light = made("fitness_loss", stance="build")
    assert spoken(LOAD + FITNESS, light, grave) == ["load_spike"]
    assert spoken(LOAD + FITNESS, light, made("load_spike", severity="warning")) == [
        "load_spike",
        "fitness_loss",
    ]


def test_who_is_silenced_silences_nobody() -> None:
    first = made("load_spike", silences=["fitness_loss"])
    second = made("fitness_loss", silences=["load_up"])
    assert spoken(LOAD + FITNESS, first, second, made("load_up")) == ["load_spike", "load_up"]


def test_every_rule_is_whole() -> None:
    assert len(BY_ID) == len(RULES) >= 20
    known = set(ENGLISH.facts)
    for rule in RULES:
        assert rule.source in SOURCES
        assert rule.condition.facts <= known, rule.id
        assert rule.mentions <= known, rule.id
        assert set(rule.shows) <= known, rule.id
        assert set(rule.silences) <= set(BY_ID), rule.id
        texts = ENGLISH.rules[rule.id]
        words = f"{texts.headline} {texts.text} {texts.advice}"
        assert not is_medical(words), rule.id
        assert "!" not in words, rule.id
    for kind in InsightKind:
        last = [rule for rule in RULES if rule.quiet and kind in rule.kinds][-1]
        assert last.when == "True", f"something is always said in a {kind}"


def test_sources_say_whether_somebody_has_looked() -> None:
    for name, source in SOURCES.items():
        assert source.cite, name
    assert {name for name, source in SOURCES.items() if not source.checked} <= {
        "form",
        "spike",
        "monotony",
        "long_run",
    }


loads = st.one_of(st.just(0.0), st.floats(1, 400))
weeks_of_loads = st.lists(st.lists(loads, min_size=7, max_size=7), min_size=1, max_size=14)


@settings(max_examples=100, deadline=None)
@generated(weeks=weeks_of_loads, estimated=st.integers(0, 20))
def test_what_the_rules_say_always_holds(
    weeks: list[list[float]], estimated: int, module_athlete: Athlete
) -> None:
    """The same check that a model's reply must pass, for any training at all."""
    context = week_context(module_athlete(*weeks, estimated=estimated))
    draft = rules_draft(context)
    assert check(draft.model_dump_json(), context) == draft
    assert isinstance(draft, Draft)
    assert draft.observations
    assert not re.search(r"[{}]", render(draft.headline, by_id(context.facts)))
