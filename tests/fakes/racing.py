"""What a process of its own does that wants an insight: as the worker does, with the real SDK of Groq."""

import time
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from tests.waiting import PATIENCE_S
from training_analyzer.analysis import obtaining
from training_analyzer.analysis.obtaining import InFlight
from training_analyzer.analysis.permission import Permission
from training_analyzer.analysis.spending import Terms
from training_analyzer.analysis.writing import write
from training_analyzer.domain.insight import Context, Coverage, Fact, FiredRule, InsightKind
from training_analyzer.domain.spending import Budgets
from training_analyzer.storage.database import Database
from training_analyzer_groq.backend import GroqBackend
from training_analyzer_groq.settings import GroqSettings

NOW = datetime(2026, 6, 15, 12, 0, 30, tzinfo=UTC)
DEADLINE_S = 10 * PATIENCE_S
CONTEXT = Context(
    kind=InsightKind.WEEK,
    first_day=date(2026, 6, 9),
    last_day=date(2026, 6, 15),
    facts=(Fact(id="load_week", label="load of the week", value=412),),
    rules=(
        FiredRule(
            id="steady",
            version=1,
            severity="info",
            text="As ever.",
            facts=("load_week",),
            headline="Steady",
            quiet=True,
        ),
    ),
    coverage=Coverage(
        activities=20, activities_covered=20, load_share=1, estimated_share=0, history_days=400
    ),
    sessions=20,
)


@dataclass(frozen=True)
class Errand:
    """What the process is to do, and with what."""

    database_url: str
    athlete_id: UUID
    groq_url: str
    budgets: Budgets
    cache_keys: tuple[str, ...]
    model: str = "openai/gpt-oss-20b"
    patience_s: float = PATIENCE_S


@dataclass(frozen=True)
class Obtained:
    """What came of one key."""

    backend: str
    is_cached: bool
    cost_usd: float
    notes: tuple[str, ...]


def groq(url: str, model: str) -> GroqBackend:
    return GroqBackend(
        GroqSettings.model_validate(
            {
                "api_key": "k",
                "model": model,
                "base_url": url,
                "input_usd": 1,
                "output_usd": 10,
                "timeout_s": PATIENCE_S,
            }
        )
    )


def run(errand: Errand) -> list[Obtained]:
    """Obtain and keep an insight for each key. Whoever is not alone waits for the other, as a unit does."""
    database = Database(errand.database_url, brief=True)
    try:
        return [_one(database, errand, key) for key in errand.cache_keys]
    finally:
        database.close()


def _one(database: Database, errand: Errand, key: str) -> Obtained:
    backend = groq(errand.groq_url, errand.model)
    deadline = time.monotonic() + errand.patience_s
    while True:
        try:
            got = obtaining.obtain(
                database,
                errand.athlete_id,
                key,
                lambda gate: write(
                    CONTEXT, Permission(context=CONTEXT), [backend], gate=gate, now=NOW, deadline_s=DEADLINE_S
                ).model_copy(update={"cache_key": key}),
                terms=Terms(errand.budgets, deadline_s=DEADLINE_S),
                now=lambda: NOW,
            )
        except InFlight as other:
            if time.monotonic() > deadline:
                raise
            time.sleep(min(other.wait_s, 0.05))
        else:
            with database.transaction(errand.athlete_id) as tx:
                obtaining.keep(tx, errand.athlete_id, got, now=NOW)
            return Obtained(got.insight.backend, got.is_cached, got.insight.cost_usd, got.insight.notes)
