"""Who writes an insight: the configured backends in their order, and the rules whenever none can."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from training_analyzer.analysis.draft import Draft, rules_draft
from training_analyzer.analysis.grounding import Violation, check
from training_analyzer.analysis.permission import Permission
from training_analyzer.analysis.prompts import PLAIN_ENGLISH, PROMPT_VERSION, build_prompt, canonical_json
from training_analyzer.analysis.rendering import by_id, render
from training_analyzer.domain.insight import (
    Confidence,
    Context,
    Coverage,
    Insight,
    Observation,
    Reply,
    Usage,
)
from training_analyzer.domain.style import Style
from training_analyzer.sdk import (
    BadData,
    InsightBackend,
    NotAuthorized,
    PluginError,
    RateLimited,
    Refused,
    Truncated,
    Unavailable,
)

RULES = "rules"
MAX_VIOLATIONS_TOLD = 3

# Below these an insight is of low, above the others of high confidence. Our choice; 42 days is the
# time constant of fitness.
LOW_HISTORY_DAYS, HIGH_HISTORY_DAYS = 42, 90
LOW_ESTIMATED_SHARE, HIGH_ESTIMATED_SHARE = 0.5, 0.2


def write(
    context: Context,
    permission: Permission,
    backends: Sequence[InsightBackend],
    *,
    now: datetime,
    style: Style = PLAIN_ENGLISH,
) -> Insight:
    """
    Return the week's insight; it always succeeds.

    Each backend is asked at most once, and only about the permitted context. `notes` says why
    whoever wrote it did, and `cost_usd` includes attempts that failed.
    """
    tally = Tally()
    key = cache_key(context, permission, backends, style)
    if backends and permission.context is None:
        tally.notes.append(f"no AI backend was asked: {permission.reason}")
    if permission.context is not None:
        for backend in backends:
            outcome = _ask(backend, permission.context, tally, style)
            if isinstance(outcome, Answer):
                return _insight(outcome.draft, permission.context, tally, answer=outcome, now=now, key=key)
            if outcome is Refused:
                break
    if tally.notes:
        tally.notes[-1] += "; the rules wrote this"
    return _insight(rules_draft(context), context, tally, answer=None, now=now, key=key)


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
        "rules": [(rule.id, rule.version) for rule in context.rules],
        "prompt": PROMPT_VERSION,
        "backends": [(backend.info.name, backend.info.model) for backend in backends],
        "style": style.model_dump(mode="json"),
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def confidence_of(coverage: Coverage) -> Confidence:
    """Return how sure the insight may be, from history and from how much is estimated."""
    if coverage.history_days < LOW_HISTORY_DAYS or coverage.estimated_share > LOW_ESTIMATED_SHARE:
        return Confidence.LOW
    if coverage.history_days >= HIGH_HISTORY_DAYS and coverage.estimated_share <= HIGH_ESTIMATED_SHARE:
        return Confidence.HIGH
    return Confidence.MEDIUM


@dataclass(slots=True)
class Tally:
    """What the attempts have consumed so far, and what came of them."""

    usage: Usage = field(default_factory=Usage)
    cost_usd: float = 0.0
    notes: list[str] = field(default_factory=list)

    def add(self, backend: InsightBackend, model: str, usage: Usage) -> None:
        """Count what an attempt consumed, at the price of the model that answered."""
        self.usage = Usage(
            input_tokens=self.usage.input_tokens + usage.input_tokens,
            output_tokens=self.usage.output_tokens + usage.output_tokens,
            cached_tokens=self.usage.cached_tokens + usage.cached_tokens,
        )
        price = backend.price(model)
        if price is None:
            self.notes.append(
                f"{backend.info.name}: {model} answered, whose price is not known; "
                f"the cost is that of {backend.info.model}"
            )
            price = backend.price(backend.info.model)
        self.cost_usd += price.cost_usd(usage) if price else 0.0


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply that holds."""

    backend: str
    reply: Reply
    draft: Draft


def _ask(
    backend: InsightBackend, context: Context, tally: Tally, style: Style
) -> Answer | type[PluginError] | None:
    """Ask one backend once. Whatever it does wrong is a note; nothing that it raises gets out."""
    name = type(backend).__name__
    try:
        name = backend.info.name
        if backend.price(backend.info.model) is None:
            tally.notes.append(
                f"{name}: not asked, because the price of {backend.info.model} is not known; "
                "set it in the plugin's settings"
            )
            return None
        try:
            reply = backend.generate(build_prompt(context, style))
        except PluginError as error:
            tally.notes.append(f"{name}: {_what_happened(error)}")
            if error.usage is not None:
                tally.add(backend, backend.info.model, error.usage)
            return Refused if isinstance(error, Refused) else None
        tally.add(backend, reply.model, reply.usage)
        checked = check(reply.text, context)
        if isinstance(checked, Draft):
            return Answer(name, reply, checked)
        tally.notes.append(f"{name}: {_what_did_not_hold(checked)}")
    except Exception as error:  # noqa: BLE001  a plugin's bug must not cost the athlete the insight
        tally.notes.append(f"{name}: the plugin failed with {type(error).__name__}: {error}"[:300])
    return None


def _what_happened(error: PluginError) -> str:
    match error:
        case RateLimited():
            what = f"rate limited until {error.retry_at:%Y-%m-%d %H:%M %Z}"
        case Unavailable():
            what = "did not answer"
        case NotAuthorized():
            what = "the key is not accepted; set a valid one"
        case Truncated():
            what = "the answer was cut off"
        case BadData():
            what = "the answer made no sense"
        case Refused():
            what = "would not answer, and no other backend was asked"
        case _:
            what = type(error).__name__
    return f"{what} ({error})"[:300]


def _what_did_not_hold(violations: tuple[Violation, ...]) -> str:
    told = "; ".join(str(violation) for violation in violations[:MAX_VIOLATIONS_TOLD])
    more = len(violations) - MAX_VIOLATIONS_TOLD
    count = f"{len(violations)} things" if len(violations) > 1 else "one thing"
    return f"answered, but {count} did not hold: {told}" + (f"; and {more} more" if more > 0 else "")


def _insight(
    draft: Draft, context: Context, tally: Tally, *, answer: Answer | None, now: datetime, key: str
) -> Insight:
    known = by_id(context.facts)
    return Insight(
        kind=context.kind,
        first_day=context.first_day,
        last_day=context.last_day,
        headline=render(draft.headline, known),
        observations=tuple(
            Observation(text=render(observation.text, known), facts=observation.facts)
            for observation in draft.observations
        ),
        recommendation=render(draft.recommendation, known),
        caveats=tuple(render(caveat, known) for caveat in draft.caveats),
        confidence=confidence_of(context.coverage),
        backend=answer.backend if answer else RULES,
        model=answer.reply.model if answer else "",
        usage=tally.usage,
        cost_usd=tally.cost_usd,
        written_at=now,
        prompt_version=PROMPT_VERSION if answer else "",
        notes=tuple(tally.notes),
        facts=context.facts,
        rules=context.rules,
        suppressed=context.suppressed,
        coverage=context.coverage,
        cache_key=key,
    )
