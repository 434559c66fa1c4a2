"""Facts about an athlete's training, what is asked of an AI backend, and what comes back."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Final, Literal

from pydantic import AwareDatetime, Field, FiniteFloat, StringConstraints

from training_analyzer.domain.sport import Sport
from training_analyzer.domain.style import Style, Units
from training_analyzer.domain.values import Value

FactId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]


class InsightKind(StrEnum):
    """What an insight is about."""

    WEEK = "week"
    """Seven days, beside the four weeks before."""
    ACTIVITY = "activity"
    """One session, beside those of its sport."""
    STATE = "state"
    """Load, fitness, fatigue and form on one day, beside the athlete's own past."""
    MONTH = "month"
    """Four weeks as a block, beside the four weeks before."""
    QUESTION = "question"
    """Whatever the athlete asks, as far as facts answer it."""


COUNTED: Final = {
    "sessions": "session",
    "days": "day",
    "rest days": "rest day",
    "hard days": "hard day",
    "weeks": "week",
    "points": "point",
}
"""What is counted, and how one of it is called."""
CLOCK: Final = frozenset({"min/km", "min/mi", "min/100m", "min/100yd"})
"""Paces: their value is in minutes, and they are written as minutes and seconds."""


class Fact(Value):
    """
    One number that an insight may mention. `text` is how it is written in plain English.

    `unit`: as written behind the number; what is counted stands in the plural (`COUNTED`).
    """

    id: FactId
    """What names it in texts and observations."""
    label: str
    """What the number is, in words."""
    value: FiniteFloat
    """As it was computed, not rounded."""
    unit: str = ""
    """As written behind the number; what is counted stands in the plural."""
    decimals: int = 0
    """How many are worth showing."""
    direction: Literal["up", "down", "flat"] | None = None
    """For a change: which way. Computed by code, so that no model has to."""

    @property
    def number(self) -> str:
        """The number as it is rounded, without its unit."""
        if self.unit in CLOCK:
            minutes, seconds = divmod(round(self.value * 60), 60)
            return f"{minutes}:{seconds:02d}"
        written = f"{self.value:.{self.decimals}f}"
        # Rounded to nothing, a small negative number is not "-0".
        return written.removeprefix("-") if float(written) == 0 else written

    @property
    def text(self) -> str:
        joint = "" if self.unit in {"%", ""} else " "
        unit = COUNTED.get(self.unit, self.unit) if self.number in {"1", "-1"} else self.unit
        return f"{self.number}{joint}{unit}"


class Stance(StrEnum):
    """Where a rule's advice points. No insight holds two that contradict each other."""

    EASE = "ease"
    HOLD = "hold"
    BUILD = "build"
    NONE = "none"


class FiredRule(Value):
    """A rule whose condition holds: what it says in English, and the facts that it rests on."""

    id: str
    version: int
    severity: Literal["info", "notice", "warning"]
    text: str
    """With every `{fact_id}` still to be rendered; so are the headline and the advice."""
    facts: tuple[FactId, ...]
    headline: str = ""
    advice: str = ""
    reason: str = ""
    """Why the advice is given, in a sentence that is true in every insight of the day."""
    source: str = ""
    topic: str = ""
    stance: Stance = Stance.NONE
    caveat: bool = False
    """It says how far to trust the rest."""
    quiet: bool = False
    """It says that nothing stands out."""
    unsure: bool = False
    """It says that too little is known to say more."""


class Suppressed(Value):
    """A rule that holds and is not spoken, and why."""

    id: str
    """Of the rule."""
    because: str
    """The id of the rule that was spoken instead, or that it would contradict."""


class Coverage(Value):
    """How much of the training the facts speak of."""

    activities: int
    """How many there are."""
    activities_covered: int
    """How many the facts speak of."""
    load_share: Annotated[FiniteFloat, Field(ge=0, le=1)]
    """The share of the load that comes from recordings whose terms permit this use."""
    estimated_share: Annotated[FiniteFloat, Field(ge=0, le=1)]
    """The share of the load that rests on estimates."""
    history_days: int
    """Days since the first activity."""
    unknown_share: Annotated[FiniteFloat, Field(ge=0, le=1)] = 0.0
    """The share of the time of which no load is known."""


class Context(Value):
    """Everything that an insight may be written from. The only thing that analysis hands on."""

    kind: InsightKind
    first_day: date
    last_day: date
    facts: tuple[Fact, ...]
    rules: tuple[FiredRule, ...]
    coverage: Coverage
    sessions: int
    """How many lie in the days that the facts look at; with none, all there is to say is that."""
    suppressed: tuple[Suppressed, ...] = ()
    day: FiredRule | None = None
    """Whose advice is given in place of that of `rules`: it decides for all insights of the day."""
    stance: Stance = Stance.NONE
    """Which way all insights of the day point; none where nothing decides."""
    question: str = ""
    """The athlete's own words, cleaned. Untrusted: data for a model, never instructions."""
    subject: str = ""
    """Which session or question it is about. For storage alone: no prompt holds it."""
    sport: Sport | None = None
    """What every session is of which the facts speak; None where they differ."""
    units: Units = Units.METRIC
    """In which system the facts are."""

    @property
    def advised(self) -> FiredRule | None:
        """The rule whose advice is given: the gravest that has any, or the one that decides for the day."""
        return next((rule for rule in self.rules if rule.advice and not rule.caveat), self.day)

    @property
    def eases_off(self) -> bool:
        """Whether it is advised to do less."""
        return self.advised is not None and Stance.EASE in (self.stance, self.advised.stance)


class Prompt(Value):
    """Everything that a backend is told. It never sees an activity."""

    instructions: str
    facts: str
    """JSON. Data, not instructions."""
    reply_schema: Mapping[str, Any]
    """JSON Schema; strict: all properties required, none besides."""
    max_output_tokens: int = 800
    """Of the reply, and of what the model thinks before it where it cannot be kept from thinking."""


class Usage(Value):
    """What a reply consumed, in tokens. `output` counts reasoning too."""

    input_tokens: int = 0
    """Of the prompt."""
    output_tokens: int = 0
    """Of the reply, and of what the model thought before it."""
    cached_tokens: int = 0
    """Of the prompt, those that the service remembered."""


class LimitReading(Value):
    """What a service says about one of its rate limits."""

    unit: Literal["requests", "tokens"]
    per: Literal["minute", "day"]
    limit: Annotated[int, Field(ge=0)]
    remaining: Annotated[int, Field(ge=0)]
    resets_at: AwareDatetime


class Reply(Value):
    """What a model answered: JSON text, which the core checks against the schema and the facts."""

    text: str
    model: str
    """The model that answered, which may be another than the one asked."""
    usage: Usage
    limits: tuple[LimitReading, ...] = ()
    """What the service said about its rate limits, where it says so in headers."""


class Attempt(Value):
    """One request to a backend: who was asked, who answered, what it cost, and what came of it."""

    backend: str
    """Which plugin was asked."""
    requested_model: str
    """The model that was asked for."""
    model: str = ""
    """The model that answered; empty where none did."""
    outcome: str
    """`answered`, `ungrounded`, or the kind of failure, such as `rate_limited`."""
    usage: Usage = Usage()
    """What the reply consumed."""
    cost_microusd: int = 0
    """In millionths of a US dollar, by the prices that this server knows."""
    latency_ms: int = 0
    """Until the reply was there."""
    violations: tuple[str, ...] = ()
    """The grounding report: all that did not hold. Empty for an answer that was taken."""


class Confidence(StrEnum):
    """How sure an insight may be: set by code from coverage and history, never by a model."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Observation(Value):
    """One thing worth saying, and the facts that it rests on."""

    text: str
    """One or two sentences. Its numbers are written out."""
    facts: tuple[FactId, ...] = ()
    """The ids of the facts that it rests on."""


class Insight(Value):
    """What an athlete reads. Every number in it is a fact."""

    kind: InsightKind
    subject: str = ""
    first_day: date
    last_day: date
    style: Style = Style()
    """How it is written; the same facts read differently in another."""
    question: str = ""
    headline: str
    observations: tuple[Observation, ...]
    recommendation: str
    caveats: tuple[str, ...] = ()
    confidence: Confidence
    backend: str
    """Who wrote it: a backend's name, or `rules`."""
    model: str = ""
    usage: Usage = Usage()
    cost_usd: FiniteFloat = 0
    written_at: AwareDatetime
    prompt_version: str = ""
    notes: tuple[str, ...] = ()
    """Why it was written this way: which backend failed or was not asked, and why."""
    facts: tuple[Fact, ...] = ()
    rules: tuple[FiredRule, ...] = ()
    """Those that held, and that it was written from."""
    suppressed: tuple[Suppressed, ...] = ()
    advised_by: str = ""
    """The rule whose advice it gives. On one day, no insight advises against another."""
    eases_off: bool = False
    """It advises to do less."""
    coverage: Coverage | None = None
    cache_key: str = ""
    attempts: tuple[Attempt, ...] = ()
    """Every request that was made for it, in their order."""
    better_after: AwareDatetime | None = None
    """When an AI may be asked again, where something that passes kept it from writing this. It may move."""
    stale_since: AwareDatetime | None = None
    """Since when the facts are others, where an AI was kept from writing about them."""
    stale_because: str = ""
