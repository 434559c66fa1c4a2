"""Facts about an athlete's training, what is asked of an AI backend, and what comes back."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field, FiniteFloat, StringConstraints

from training_analyzer.domain.values import Value

FactId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]


class Fact(Value):
    """One number that an insight may mention. `text` is how code writes it, unit included."""

    id: FactId
    label: str
    value: FiniteFloat
    unit: str = ""
    decimals: int = 0
    direction: Literal["up", "down", "flat"] | None = None
    """For a change: which way. Computed by code, so that no model has to."""

    @property
    def text(self) -> str:
        written = f"{self.value:.{self.decimals}f}"
        # Rounded to nothing, a small negative number is not "-0".
        written = written.removeprefix("-") if float(written) == 0 else written
        joint = "" if self.unit in {"%", ""} else " "
        return f"{written}{joint}{self.unit}"


class FiredRule(Value):
    """A rule whose condition holds: what it says, and the facts that it rests on."""

    id: str
    version: int
    severity: Literal["info", "notice", "warning"]
    text: str
    """With every `{fact_id}` still to be rendered."""
    facts: tuple[FactId, ...]
    advice: str = ""
    source: str = ""


class Coverage(Value):
    """How much of the training the facts speak of."""

    activities: int
    activities_covered: int
    load_share: Annotated[FiniteFloat, Field(ge=0, le=1)]
    """The share of the load that comes from recordings whose terms permit this use."""
    estimated_share: Annotated[FiniteFloat, Field(ge=0, le=1)]
    """The share of the load that rests on estimates."""
    history_days: int


class Context(Value):
    """Everything that an insight may be written from. The only thing that analysis hands on."""

    kind: Literal["week"]
    first_day: date
    last_day: date
    facts: tuple[Fact, ...]
    rules: tuple[FiredRule, ...]
    coverage: Coverage


class Prompt(Value):
    """Everything that a backend is told. It never sees an activity."""

    instructions: str
    facts: str
    """JSON. Data, not instructions."""
    reply_schema: Mapping[str, Any]
    """JSON Schema; strict: all properties required, none besides."""
    max_output_tokens: int = 800


class Usage(Value):
    """What a reply consumed, in tokens. `output` counts reasoning too."""

    input_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0


class Reply(Value):
    """What a model answered: JSON text, which the core checks against the schema and the facts."""

    text: str
    model: str
    """The model that answered, which may be another than the one asked."""
    usage: Usage


class Confidence(StrEnum):
    """How sure an insight may be: set by code from coverage and history, never by a model."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Observation(Value):
    """One thing worth saying, and the facts that it rests on."""

    text: str
    facts: tuple[FactId, ...] = ()


class Insight(Value):
    """What an athlete reads. Every number in it is a fact."""

    kind: Literal["week"]
    first_day: date
    last_day: date
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
    cache_key: str = ""
