"""Who writes an insight: the configured backends in their order, and the rules whenever none can."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import datetime

from training_analyzer.analysis.asking import Chain, Judged, ask
from training_analyzer.analysis.contexts import is_medical
from training_analyzer.analysis.draft import Draft, rules_draft, with_advice, with_coverage
from training_analyzer.analysis.gates import Gate
from training_analyzer.analysis.grounding import Violation, examine
from training_analyzer.analysis.permission import Permission
from training_analyzer.analysis.prompts import PLAIN_ENGLISH, PROMPT_VERSION, build_prompt, canonical_json
from training_analyzer.analysis.rendering import by_id, render
from training_analyzer.domain.insight import (
    Confidence,
    Context,
    Insight,
    InsightKind,
    Observation,
    Usage,
)
from training_analyzer.domain.style import Language, Style
from training_analyzer.sdk import InsightBackend

RULES = "rules"
RULES_WROTE = "; the rules wrote this"
DEADLINE_S = 60.0
"""How long all requests for one insight may take together."""
MAX_VIOLATIONS, VIOLATION_CHARACTERS = 50, 200
"""So much is kept of the report on a reply, which may be anything."""

# Below these an insight is of low, above the others of high confidence. Our choice; 42 days is the
# time constant of fitness.
LOW_HISTORY_DAYS, HIGH_HISTORY_DAYS = 42, 90
ENOUGH_HISTORY_DAYS = 14
"""Two weeks: with less there is nothing to compare a week with. Our choice."""
LOW_DOUBTFUL_SHARE, HIGH_DOUBTFUL_SHARE = 0.5, 0.2


def write(
    context: Context,
    permission: Permission,
    backends: Sequence[InsightBackend],
    *,
    now: datetime,
    gate: Gate,
    deadline_s: float = DEADLINE_S,
    style: Style = PLAIN_ENGLISH,
) -> Insight:
    """
    Return the insight; it always succeeds.

    Backends are asked about the permitted context alone, and only where `gate` lets them. `notes` says
    why whoever wrote it did, and the cost includes attempts that failed.
    """
    key = cache_key(context, permission, backends, style)
    permitted = permission.context
    if is_medical(context, style.language):  # a fixed answer, whoever could be asked
        return _insight(rules_draft(context, style.language), context, Chain(), style, now=now, key=key)
    reason = permission.reason if permitted is None else too_little(permitted)
    if permitted is None or reason or not backends:
        chain = Chain(notes=[f"no AI backend was asked: {reason}"] if backends else [])
    else:
        chain = ask(
            backends,
            build_prompt(permitted, style),
            lambda reply_text: _judged(reply_text, permitted, style.language),
            gate,
            deadline_s=deadline_s,
        )
        if chain.answer is not None:
            draft = with_coverage(chain.answer.draft, permitted, style.language)
            draft = with_advice(draft, permitted, style.language)
            return _insight(draft, permitted, chain, style, now=now, key=key)
    if chain.notes:
        chain.notes[-1] += RULES_WROTE
    return _insight(rules_draft(context, style.language), context, chain, style, now=now, key=key)


def cache_key(
    context: Context, permission: Permission, backends: Sequence[InsightBackend], style: Style = PLAIN_ENGLISH
) -> str:
    """
    Return the same key for everything that would be written from the same facts, as they are shown.

    It says nothing about whose facts they are: look it up among one athlete's insights only.
    """
    content = {
        "days": [context.first_day.isoformat(), context.last_day.isoformat()],
        "facts": canonical_json(context),
        "permitted": None if permission.context is None else canonical_json(permission.context),
        "day": [context.stance, *((context.day.id, context.day.version) if context.day else ())],
        "rules": [(rule.id, rule.version) for rule in context.rules],
        "prompt": PROMPT_VERSION,
        "backends": [(backend.info.name, backend.info.model) for backend in backends],
        "style": style.model_dump(mode="json"),
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def too_little(context: Context) -> str:
    """Return why there is too little for a model to interpret; empty where there is enough."""
    history_days = context.coverage.history_days
    if history_days < ENOUGH_HISTORY_DAYS:
        return f"{history_days} days of history are too few; from {ENOUGH_HISTORY_DAYS} days on it is"
    return "" if context.sessions else "there was no training in the days that it would speak of"


def confidence_of(context: Context, *, answered: bool = False) -> Confidence:
    """
    Return how sure the insight may be.

    It is from history, from how much of the load is estimated, unknown or left out, and from what the rules
    say of the data: old thresholds, missing readings, nothing to compare with. `answered`: a model answered
    the question, whatever the rules could.
    """
    coverage = context.coverage
    doubtful = max(coverage.estimated_share, coverage.unknown_share)
    says_little = not answered and any(rule.unsure for rule in context.rules)
    if coverage.history_days < LOW_HISTORY_DAYS or doubtful > LOW_DOUBTFUL_SHARE or says_little:
        return Confidence.LOW
    reserved = coverage.activities_covered < coverage.activities or any(rule.caveat for rule in context.rules)
    if reserved or coverage.history_days < HIGH_HISTORY_DAYS or doubtful > HIGH_DOUBTFUL_SHARE:
        return Confidence.MEDIUM
    return Confidence.HIGH


def _judged(reply_text: str, context: Context, language: Language) -> Judged:
    checked = examine(reply_text, context, language)
    violations = tuple(_kept(violation) for violation in checked.violations[:MAX_VIOLATIONS])
    return Judged(checked.draft, violations, checked.in_part)


def _kept(violation: Violation) -> str:
    """A violation quotes the reply: a few words of it, however long they are, and nothing unreadable."""
    return "".join(filter(str.isprintable, str(violation)))[:VIOLATION_CHARACTERS]


def _insight(
    draft: Draft, context: Context, chain: Chain, style: Style, *, now: datetime, key: str
) -> Insight:
    known = by_id(context.facts)
    answer = chain.answer
    return Insight(
        kind=context.kind,
        subject=context.subject,
        style=style,
        question=context.question,
        first_day=context.first_day,
        last_day=context.last_day,
        headline=render(draft.headline, known, style),
        observations=tuple(
            Observation(text=render(observation.text, known, style), facts=observation.facts)
            for observation in draft.observations
        ),
        recommendation=render(draft.recommendation, known, style),
        caveats=tuple(render(caveat, known, style) for caveat in draft.caveats),
        confidence=confidence_of(
            context, answered=answer is not None and context.kind is InsightKind.QUESTION
        ),
        backend=answer.backend if answer else RULES,
        model=answer.model if answer else "",
        usage=_together(attempt.usage for attempt in chain.attempts),
        cost_usd=sum(attempt.cost_microusd for attempt in chain.attempts) / 1_000_000,
        written_at=now,
        prompt_version=PROMPT_VERSION if chain.attempts else "",
        notes=tuple(chain.notes),
        facts=context.facts,
        rules=context.rules,
        suppressed=context.suppressed,
        advised_by=context.advised.id if context.advised else "",
        eases_off=context.eases_off,
        coverage=context.coverage,
        cache_key=key,
        attempts=tuple(chain.attempts),
        better_after=None if answer and answer.is_whole else chain.better_after,
    )


def _together(usages: Iterable[Usage]) -> Usage:
    used = list(usages)
    return Usage(
        input_tokens=sum(usage.input_tokens for usage in used),
        output_tokens=sum(usage.output_tokens for usage in used),
        cached_tokens=sum(usage.cached_tokens for usage in used),
    )
