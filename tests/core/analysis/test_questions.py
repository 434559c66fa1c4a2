"""A question is answered by what it is about, and not by words that only stand in it."""

import dataclasses
from datetime import timedelta

import pytest

from tests.fakes.athletes import made_up_athletes
from tests.fakes.trainings import RIDER, RUNNER, Made, training
from training_analyzer.analysis.contexts import Subject, build_context
from training_analyzer.analysis.questions import topics_of
from training_analyzer.analysis.rendering import by_id
from training_analyzer.analysis.training import Best
from training_analyzer.domain.insight import InsightKind
from training_analyzer.domain.style import Language

STEADY = next(one.training for one in made_up_athletes() if one.name == "steady")


@pytest.mark.parametrize(
    ("question", "rule"),
    [
        ("Should I train today?", "answer_form"),
        ("Soll ich heute trainieren?", "answer_form"),
        ("Is my FTP going up?", "answer_power"),
        ("When was my longest ride?", "answer_longest"),
        ("How was my last ride?", "answer_last_today"),
        ("Wie war mein letzter Lauf?", "answer_last_today"),
        ("Am I ready for a marathon?", "answer_ready_long"),
        ("How much did I ride?", "answer_time"),
        ("Wie hat sich meine Leistung entwickelt?", "answer_fitness_down"),
        ("How was my last training week?", "answer_load"),
        ("Am I getting fitter?", "answer_fitness_down"),
        ("¿Debo entrenar hoy?", "answer_form"),
        ("Comment était ma dernière sortie ?", "answer_last_today"),
        ("Quante ore ho pedalato?", "answer_time"),
        ("Wat was mijn langste rit?", "answer_longest"),
        ("A minha resistência melhorou?", "answer_fitness_down"),
        ("What shall I cook tonight?", "question_unanswered"),
    ],
)
def test_the_answer_is_to_the_question(question: str, rule: str) -> None:
    context = build_context(STEADY, Subject(InsightKind.QUESTION, question=question))
    assert context is not None
    assert context.rules[0].id == rule
    assert {fact.id for fact in context.facts} >= set(context.rules[0].facts)


def test_every_best_effort_is_told_beside_the_new_record() -> None:
    efforts = {
        "ride_records": (
            "What are my best efforts?",
            ["record_power_5min", "answer_power", "answer_power_60min"],
        ),
        "run_records": ("Have I become faster?", ["record_run_half", "answer_pace_10k", "answer_fitness"]),
    }
    for name, (question, rules) in efforts.items():
        given = next(one.training for one in made_up_athletes() if one.name == name)
        context = build_context(given, Subject(InsightKind.QUESTION, question=question))
        assert context is not None
        assert [rule.id for rule in context.rules] == rules


def test_a_record_is_told_with_its_own_gain() -> None:
    """The best of this week is not over what the best of the month before was: +8 % and +2 %."""
    given = training(
        [RIDER] * 40,
        Made(
            power_20min=lambda week: 275.0 if week == 2 else 250.0,
            bests={Best.POWER_5MIN: lambda week: 318.0 if week == 0 else 312.0},
        ),
    )
    context = build_context(given, Subject(InsightKind.QUESTION, question="What are my best efforts?"))
    assert context is not None
    assert [rule.id for rule in context.rules] == ["record_power_20min", "answer_power_5min"]
    facts = by_id(context.facts)
    best, before = facts["best_power_20min"].value, facts["best_power_20min_before"].value
    assert facts["record_gain"].value == pytest.approx(100 * (best / before - 1))


def test_a_best_of_a_short_history_is_told_without_calling_it_one() -> None:
    given = training(
        [RUNNER] * 10, Made(bests={Best.RUN_HALF: lambda week: 6000.0 if week == 0 else 6300.0 + week})
    )
    context = build_context(given, Subject(InsightKind.QUESTION, question="Have I become faster?"))
    assert context is not None
    assert "answer_pace_half" in [rule.id for rule in context.rules]


def test_what_is_particular_counts_alone() -> None:
    assert topics_of("How was my last ride?", Language.ENGLISH) == ("last",)
    assert topics_of("How much did I ride?", Language.ENGLISH) == ("much", "ride")
    assert topics_of("Should I ride today?", Language.ENGLISH) == ("form", "rest")


def test_a_word_that_another_language_has_too_means_what_it_means_in_the_question() -> None:
    assert topics_of("Is my base good?", Language.FRENCH) == ("endurance",)
    assert topics_of("Comment va ma forme ?", Language.ENGLISH) == ("form",)
    assert topics_of("Of course it was hard", Language.ENGLISH) == ("intensity",), "not a course à pied"


def test_who_has_not_trained_today_had_no_session_today() -> None:
    """The last day is yesterday while today is empty."""
    before = STEADY.until(STEADY.last_day - timedelta(days=1))
    next_morning = dataclasses.replace(before, last_day=STEADY.last_day).without_empty_last_day()
    context = build_context(next_morning, Subject(InsightKind.QUESTION, question="How was my last ride?"))
    assert context is not None
    said = " ".join(rule.text for rule in context.rules)
    assert "today" not in said
