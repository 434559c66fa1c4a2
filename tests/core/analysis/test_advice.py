"""On one day, no insight advises against another: what they advise is decided once."""

import dataclasses
from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.fakes.athletes import MadeUp, made_up_athletes
from training_analyzer.analysis.advice import advice_of_the_day
from training_analyzer.analysis.contexts import Subject, build_context, week_context
from training_analyzer.analysis.draft import rules_draft, with_advice
from training_analyzer.analysis.grounding.reply import in_place_of_medicine
from training_analyzer.analysis.language.texts import catalogue_of
from training_analyzer.analysis.prompts import build_prompt
from training_analyzer.analysis.rendering import by_id, placeholders, render
from training_analyzer.analysis.rules.catalogue import BY_ID, RULES
from training_analyzer.analysis.rules.engine import OPPOSITE, deciding
from training_analyzer.analysis.training import Measure, Training
from training_analyzer.domain.insight import Context, FiredRule, InsightKind, Stance
from training_analyzer.domain.sport import Sport
from training_analyzer.domain.style import Language

Athlete = Callable[..., Training]
ATHLETES = made_up_athletes()
KINDS = (InsightKind.WEEK, InsightKind.STATE, InsightKind.MONTH)


def of_the_day(training: Training) -> list[Context]:
    """Return everything that is written of the last day: each kind, the day's sessions, and a question."""
    subjects = [Subject(kind) for kind in KINDS]
    subjects += [Subject(InsightKind.ACTIVITY, session.key) for session in training.last(1)]
    subjects.append(Subject(InsightKind.QUESTION, question="Should I train more, or rest?"))
    contexts = [build_context(training, subject) for subject in subjects]
    return [context for context in contexts if context is not None]


@pytest.mark.parametrize("one", ATHLETES, ids=lambda one: one.name)
def test_no_insight_of_a_day_advises_against_another(one: MadeUp) -> None:
    for ago in (0, 1, 24, 81):
        training = one.training.until(one.training.last_day - timedelta(days=ago))
        if not training.sessions or training.history_days < 1:
            continue
        advised = [context.advised for context in of_the_day(training) if context.advised]
        stances = {rule.stance for rule in advised}
        assert len(stances & OPPOSITE.keys()) < 2, [rule.id for rule in advised]
        if Stance.EASE in stances:
            others = [BY_ID[rule.id] for rule in advised if rule.stance is not Stance.EASE]
            assert all(rule.gentle for rule in others), [rule.id for rule in others]
        if Stance.BUILD in stances:
            assert not any(BY_ID[rule.id].quiet for rule in advised), "nothing has to change, they say"


def test_what_the_month_asks_for_is_not_denied_by_the_week() -> None:
    """The made-up athlete for whom they contradicted each other."""
    polarised = next(one for one in ATHLETES if one.name == "polarised").training
    training = polarised.until(polarised.last_day - timedelta(days=82))
    day = advice_of_the_day(training)
    assert day is not None
    assert day.rule.id == "no_easy_week"
    week = build_context(training)
    assert week is not None
    assert [rule.id for rule in week.rules] == ["like_before_and_mix"]
    assert week.advised == day.rule
    for language in Language:
        texts = catalogue_of(language).rules["no_easy_week"]
        written = rules_draft(week, language)
        assert written.recommendation == f"{texts.reason} {texts.advice}"
        assert render(written.recommendation, by_id(week.facts))
    assert day.rule.advice in build_prompt(week).facts, "a model is told the same"


def test_what_may_decide_for_all_is_understood_where_it_stands_alone() -> None:
    for rule in RULES:
        if rule.stance in OPPOSITE:
            for language in Language:
                texts = catalogue_of(language).rules[rule.id]
                assert not placeholders(texts.advice), rule.id
                assert len(f"{texts.reason} {texts.advice}") <= 250, rule.id
                assert bool(texts.reason) is (rule.stance is Stance.EASE), rule.id
                assert texts.reason[-1:] in ("", "."), rule.id


def test_of_equal_weight_easing_off_goes_before_building() -> None:
    deciding = {
        name: day.rule
        for name, day in ((one.name, advice_of_the_day(one.training)) for one in ATHLETES)
        if day
    }
    assert {rule.stance for rule in deciding.values()} == {Stance.EASE, Stance.BUILD}
    assert deciding["detraining"].stance is Stance.BUILD
    assert deciding["overreaching"].severity == "warning"


def test_to_build_is_not_said_against_a_graver_word_of_caution(athlete: Athlete) -> None:
    """Twenty-four usual weeks, all easy, and then a much bigger one."""
    weeks = [(0, 60, 0, 80, 0, 120, 40)] * 24 + [(0, 80, 0, 110, 0, 170, 60)]
    plain = athlete(*weeks)
    easy = {Measure.EASY_S: 0.95, Measure.MODERATE_S: 0.05, Measure.HARD_S: 0.0}
    sessions = [
        dataclasses.replace(
            session,
            sport=Sport.RUN,
            measures={measure: share * session.moving_s for measure, share in easy.items()},
        )
        for session in plain.sessions
    ]
    of_it = {context.kind: context for context in of_the_day(dataclasses.replace(plain, sessions=sessions))}
    advising = {rule.id for rule in of_it[InsightKind.WEEK].rules if rule.advice}
    assert {"load_up", "long_run_jump"} <= advising
    for context in of_it.values():
        assert context.advised is None or context.advised.stance is not Stance.BUILD


@pytest.mark.parametrize(
    ("severities", "decides"),
    [
        ({"build": "info", "hold": "notice"}, "hold"),
        ({"build": "info", "hold": "info"}, "hold"),
        ({"build": "notice", "hold": "info"}, "build"),
        ({"build": "info", "hold": "notice", "ease": "info"}, "ease"),
        ({"build": "notice", "hold": "notice", "ease": "info"}, "hold"),
        ({"hold": "notice"}, None),
    ],
)
def test_who_decides(severities: dict[str, str], decides: str | None) -> None:
    rules = [
        FiredRule.model_validate(
            {"id": stance, "version": 1, "severity": severity, "text": "", "facts": (), "stance": stance}
        )
        for stance, severity in severities.items()
    ]
    found = deciding(rules)
    assert (found.id if found else None) == decides


def test_a_question_about_nothing_of_this_gets_no_advice() -> None:
    training = next(one for one in ATHLETES if one.name == "no_easy_week").training
    context = build_context(training, Subject(InsightKind.QUESTION, question="What shall I cook tonight?"))
    assert context is not None
    assert context.advised is None


@pytest.mark.parametrize("said", ["", "Train even harder in the coming days.", "Skip rest days this week."])
def test_on_a_day_that_asks_to_ease_off_no_model_advises_otherwise(said: str) -> None:
    people = {one.name: week_context(one.training) for one in ATHLETES}
    for name, eases in (("overreaching", True), ("steady", False)):
        ours = rules_draft(people[name])
        theirs = with_advice(ours.model_copy(update={"recommendation": said}), people[name])
        assert theirs.recommendation == (ours.recommendation if eases else said)


def test_advice_that_only_goes_with_easing_off_is_the_rules_too() -> None:
    """What is advised says itself nothing of easing off, but the day does."""
    for one in ATHLETES:
        for context in of_the_day(one.training):
            if context.stance is Stance.EASE and context.advised:
                ours = rules_draft(context)
                theirs = ours.model_copy(update={"recommendation": "Train harder."})
                assert with_advice(theirs, context) == ours


def test_a_word_on_health_is_kept_where_the_advice_takes_its_place() -> None:
    context = week_context(next(one for one in ATHLETES if one.name == "overreaching").training)
    fixed = in_place_of_medicine(Language.ENGLISH)
    draft = with_advice(rules_draft(context).model_copy(update={"recommendation": fixed}), context)
    assert draft.caveats[-1] == fixed
    assert draft.recommendation != fixed
