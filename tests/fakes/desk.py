"""Somebody who asks backends as the product does, and looks at the books afterwards."""

from typing import Any
from uuid import UUID

from sqlalchemy import text

from tests.conftest import StoppedClock
from training_analyzer.analysis.asking import Chain, Judged, ask
from training_analyzer.analysis.draft import Draft
from training_analyzer.analysis.prices import worst_case
from training_analyzer.analysis.spending import Purse, Terms
from training_analyzer.domain.insight import Prompt
from training_analyzer.domain.spending import ACCOUNTS, Budget
from training_analyzer.runtime import Runtime
from training_analyzer.sdk import InsightBackend
from training_analyzer.storage import spent

PROMPT = Prompt(instructions="Write.", facts="{}", reply_schema={}, max_output_tokens=1000)
WORST_TOKENS = sum((worst_case(PROMPT).input_tokens, 1000))
WORST_MICROUSD = worst_case(PROMPT).input_tokens + 10 * 1000
DRAFT = Draft(status="nothing_notable", observations=(), caveats=(), recommendation="", headline="Quiet")
PLENTY = Budget(microusd=10**9, requests=10**6, tokens=10**9)


def terms(**budgets: Budget) -> Terms:
    """Return terms with plenty of everything but in `athlete_day` and the like."""
    return Terms({(scope, period): budgets.get(f"{scope}_{period}", PLENTY) for scope, period in ACCOUNTS})


class Desk:
    """Asks backends as the product does."""

    def __init__(self, runtime: Runtime, clock: StoppedClock, athlete_id: UUID) -> None:
        self.runtime, self.clock, self.athlete_id = runtime, clock, athlete_id
        self.terms = terms()
        self.keys = iter(range(10**6))

    def purse(self, key: str | None = None) -> Purse:
        key = f"facts {next(self.keys)}" if key is None else key
        return Purse(self.runtime.database, self.athlete_id, key, self.terms, self.clock.now)

    def ask(self, *backends: InsightBackend, key: str | None = None) -> Chain:
        def judge(reply: str) -> Judged:
            return Judged(DRAFT) if reply == "good" else Judged(None, ("nonsense",))

        return ask(backends, PROMPT, judge, self.purse(key), deadline_s=60)

    def spent(self) -> tuple[int, int, int, int, int]:
        """Return money, reserved money, requests, tokens and reserved tokens; all accounts agree."""
        with self.runtime.database.transaction(self.athlete_id) as tx:
            now = self.clock.now()
            accounts = [
                *spent.of_athlete(tx, self.athlete_id, now=now).values(),
                *(models.get(("", "")) for models in spent.of_deployment(tx, now=now).values()),
            ]
        assert len(set(accounts)) == 1, accounts
        (one, *_) = accounts
        assert one is not None
        return one.microusd, one.reserved_microusd, one.requests, one.tokens, one.reserved_tokens

    def sql(self, statement: str, **values: Any) -> list[Any]:
        with self.runtime.database.transaction(self.athlete_id) as tx:
            result = tx.execute(text(statement), values)
            return list(result.all()) if result.returns_rows else []
