"""Whatever anybody writes anywhere, no letter of it reaches a prompt; and a question stays data."""

import dataclasses
import json
import unicodedata
from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from hypothesis import given as generated
from hypothesis import settings
from hypothesis import strategies as st
from sqlalchemy import text

from tests.conftest import NOW
from tests.fakes.injections import CANARY, INJECTIONS
from tests.fakes.provider import FakeService
from training_analyzer.analysis import gathering
from training_analyzer.analysis.contexts import Subject, build_context, is_medical
from training_analyzer.analysis.permission import permitted_context
from training_analyzer.analysis.prompts import MAX_INPUT_TOKENS, build_prompt, estimated_tokens, instructions
from training_analyzer.analysis.questions import MAX_QUESTION, cleaned
from training_analyzer.analysis.training import Training
from training_analyzer.domain.insight import InsightKind, Prompt
from training_analyzer.domain.style import Language
from training_analyzer.runtime import Runtime
from training_analyzer.storage import insights
from training_analyzer.storage.database import Transaction
from training_analyzer.storage.insights import Feedback

Athlete = Callable[..., Training]
WEEK = (0, 60, 0, 80, 0, 120, 40)


def whole(prompt: Prompt) -> str:
    return f"{prompt.instructions}\n{prompt.facts}\n{json.dumps(prompt.reply_schema)}"


def every_prompt(training: Training) -> Iterator[str]:
    """Yield everything that a model could be told about this training, all sessions included."""
    subjects = [Subject(kind) for kind in InsightKind if kind is not InsightKind.ACTIVITY]
    subjects += [Subject(InsightKind.ACTIVITY, session.key) for session in training.sessions]
    for subject in subjects:
        permission = permitted_context(training, subject)
        if permission.context is not None:
            yield whole(build_prompt(permission.context))


def write_everywhere(tx: Transaction, athlete_id: UUID) -> None:
    """Put an injection into every column of text that an athlete or a service may fill."""
    activity_ids = list(tx.execute(text("SELECT id FROM activities ORDER BY started_at")).scalars())
    for number, activity_id in enumerate(activity_ids):
        injection = INJECTIONS[number % len(INJECTIONS)].replace("\x00", "")
        tx.execute(
            text("""
                UPDATE activities SET title = :said, description = :said, device = :said, gear = :said,
                    sport_name = :said, reported = jsonb_build_object('note', CAST(:said AS text))
                WHERE id = :id
            """),
            {"id": activity_id, "said": injection},
        )
    tx.execute(text("UPDATE athletes SET name = :said"), {"said": INJECTIONS[0]})
    for insight_id, _ in insights.listed(tx, athlete_id, limit=5):
        insights.give_feedback(tx, athlete_id, insight_id, Feedback(0, False, INJECTIONS[1], NOW))
    insights.ask(tx, athlete_id, INJECTIONS[2], now=NOW)


def test_no_title_note_device_name_or_comment_reaches_a_prompt(
    runtime: Runtime,
    service: FakeService,
    connect: Callable[[], UUID],
    athlete_id: UUID,
    work_off: Callable[[], int],
) -> None:
    for days_ago in range(len(INJECTIONS) + 20):
        service.add(days_ago * 1.5, NOW, title=INJECTIONS[days_ago % len(INJECTIONS)])
    connect()
    work_off()
    with runtime.database.transaction(athlete_id) as tx:
        write_everywhere(tx, athlete_id)
        training = gathering.gather(tx, athlete_id, runtime.meaning, runtime.rights, today=NOW.date())
    assert training is not None
    prompts = list(every_prompt(training))
    assert len(prompts) > len(INJECTIONS)
    for prompt in prompts:
        assert CANARY not in prompt
        assert not any(session.key in prompt for session in training.sessions), "no ids either"


@settings(max_examples=40, deadline=None)
@generated(key=st.text(min_size=1, max_size=80).map(lambda said: f"{CANARY}{said}"))
def test_what_a_session_is_called_is_never_told(key: str, module_athlete: Athlete) -> None:
    plain = module_athlete(*[WEEK] * 15)
    sessions = [*plain.sessions[:-1], dataclasses.replace(plain.sessions[-1], key=key)]
    for prompt in every_prompt(dataclasses.replace(plain, sessions=sessions[-8:])):
        assert CANARY not in prompt


@pytest.mark.parametrize("question", INJECTIONS)
def test_a_question_is_data_and_nothing_else(athlete: Athlete, question: str) -> None:
    training = athlete(*[WEEK] * 20)
    context = build_context(training, Subject(InsightKind.QUESTION, "an-id", question))
    assert context is not None
    prompt = build_prompt(context)
    assert prompt.instructions == instructions(InsightKind.QUESTION), "it is not among the instructions"
    told = json.loads(prompt.facts)
    assert set(told) <= {"facts", "rules", "question"}
    assert told.pop("question", "") == cleaned(question)
    assert CANARY not in json.dumps(told)
    assert "an-id" not in prompt.facts
    assert estimated_tokens(prompt) <= MAX_INPUT_TOKENS


@settings(max_examples=200, deadline=None)
@generated(st.one_of(st.text(max_size=400), st.sampled_from(INJECTIONS)))
def test_a_cleaned_question_is_one_line_of_plain_text(question: str) -> None:
    plain = cleaned(question)
    assert len(plain) <= MAX_QUESTION
    assert cleaned(plain) == plain
    assert not any(unicodedata.category(letter)[0] == "C" for letter in plain)
    assert not set(plain) & set("<>{}[]`\\|\n\r\t")


@pytest.mark.parametrize(
    ("question", "medical"),
    [
        ("I have chest pain when I run. Should I rest?", True),
        ("Ich habe Schmerzen im Knie, was tun?", True),
        ("Should I take ibuprofen? My knee hurts.", True),
        ("Is my heart rate drifting on long rides?", False),
        ("Am I doing too much?", False),
        ("Wie viele Stunden habe ich trainiert?", False),
        ("Does my chest strap lose readings?", False),
    ],
)
def test_questions_about_health_are_seen(athlete: Athlete, question: str, medical: bool) -> None:
    for language in Language:
        context = build_context(athlete(*[WEEK] * 20), Subject(InsightKind.QUESTION, question=question))
        assert context is not None
        assert is_medical(context, language) is medical
        assert (context.facts == ()) is medical
