"""From training to an insight: which are worth writing, what each is written from, and under which key."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from training_analyzer.analysis.contexts import OF_KIND, Subject, build_context
from training_analyzer.analysis.gates import Gate
from training_analyzer.analysis.materiality import what_is_new
from training_analyzer.analysis.permission import Permission, permitted_context
from training_analyzer.analysis.training import Training
from training_analyzer.analysis.writing import cache_key, write
from training_analyzer.domain.insight import Context, Fact, Insight, InsightKind
from training_analyzer.domain.style import Style
from training_analyzer.sdk import InsightBackend

IN_BACKGROUND: Final = (InsightKind.WEEK, InsightKind.STATE, InsightKind.MONTH, InsightKind.ACTIVITY)
RECENT_DAYS: Final = 7
"""Sessions of these days get an insight of their own; older ones where the athlete asks for one."""
MAX_SESSIONS: Final = 10
LEFT_OUT: Final = "load_covered"
"""The fact that says that an insight was written from a part of the training."""

Former = Callable[[Subject], Insight | None]


@dataclass(frozen=True, slots=True)
class Question:
    """Everything that an insight will be written from, and the key under which it is cached."""

    context: Context
    permission: Permission
    key: str
    style: Style


def worth_writing(
    training: Training, kinds: Sequence[InsightKind], style: Style, former: Former
) -> Iterator[Subject]:
    """
    Yield what there is something new to say about, in the order in which it is to be said.

    Of several kinds that could only say that there was no training, one says so; the others do where they
    have said something else before, which must not pass for what is so now.
    """
    is_told = False
    for subject in _subjects(training, kinds):
        written = former(subject)
        context = _as_written(training, subject, style, written)
        if context is None:
            continue
        is_again = is_told and not context.sessions and written is None
        is_told = is_told or not context.sessions
        if not is_again and what_is_new(written, context, style, _then(training, subject, written)):
            yield subject


def _as_written(
    training: Training, subject: Subject, style: Style, written: Insight | None
) -> Context | None:
    """Return what may be said, from as much of the training as was seen by who wrote before."""
    permitted = permitted_context(training, subject, style).context if _is_of_a_part(written) else None
    return permitted or build_context(training, subject, style)


def _then(training: Training, subject: Subject, written: Insight | None) -> tuple[Fact, ...]:
    """Return what is known today of the days that something was written about."""
    if written is None or written.last_day >= training.last_day or subject.kind not in OF_KIND:
        return ()
    earlier = training.until(written.last_day)
    permitted = permitted_context(earlier, subject).context if _is_of_a_part(written) else None
    facts_of, _ = OF_KIND[subject.kind]
    return permitted.facts if permitted else facts_of(earlier)


def _is_of_a_part(written: Insight | None) -> bool:
    return written is not None and any(fact.id == LEFT_OUT for fact in written.facts)


def question_about(
    training: Training, subject: Subject, style: Style, backends: Sequence[InsightBackend]
) -> Question | None:
    """Return everything that an insight about the subject is written from; None where it is gone."""
    context = build_context(training, subject, style)
    if context is None:
        return None
    permission = permitted_context(training, subject, style)
    return Question(context, permission, cache_key(context, permission, backends, style), style)


def is_due(standing: Insight | None, question: Question) -> bool:
    """Whether another may be written: of other facts, told otherwise, or by an AI that was kept from it."""
    if standing is None or standing.cache_key != question.key:
        return True
    return standing.better_after is not None or standing.stale_since is not None


def is_retry(standing: Insight | None, question: Question) -> bool:
    """Whether what is due is no other insight, but an AI that is asked again about the same facts."""
    return standing is not None and standing.cache_key == question.key and standing.stale_since is None


def waits_until(standing: Insight | None, question: Question, *, interval: timedelta) -> datetime | None:
    """
    Return before when none is written: what stands is recent, or what keeps an AI from it has to pass.

    None: nothing is waited for, as where the athlete wants to read otherwise.
    """
    if standing is None or standing.style != question.style:
        return None
    recent_until = standing.written_at + interval
    better_after = standing.better_after if is_retry(standing, question) else None
    return max(recent_until, better_after or recent_until)


def explain(
    question: Question,
    backends: Sequence[InsightBackend],
    gate: Gate,
    now: Callable[[], datetime],
    *,
    deadline_s: float,
) -> Insight:
    """Write the insight. This may take as long as the backends do, and always succeeds."""
    return write(
        question.context,
        question.permission,
        backends,
        gate=gate,
        now=now(),
        deadline_s=deadline_s,
        style=question.style,
    )


def _subjects(training: Training, kinds: Sequence[InsightKind]) -> Iterator[Subject]:
    for kind in kinds:
        if kind is InsightKind.ACTIVITY:
            first_day = training.last_day - timedelta(days=RECENT_DAYS - 1)
            recent = [session.key for session in training.sessions if session.local_date >= first_day]
            yield from (Subject(kind, key) for key in reversed(recent[-MAX_SESSIONS:]))
        elif kind is not InsightKind.QUESTION:
            yield Subject(kind)
