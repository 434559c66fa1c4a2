"""Another model than the one that was asked may answer, and bill more."""

from collections.abc import Iterable
from datetime import timedelta

import pytest

from tests.conftest import NOW, StoppedClock
from tests.fakes.backend import MICROUSD, PRICE, SPENT, ScriptedBackend
from tests.fakes.desk import PROMPT, WORST_MICROUSD, Desk, terms
from training_analyzer.analysis.prices import Prices, worst_case
from training_analyzer.analysis.spending import Terms
from training_analyzer.domain.insight import Reply, Usage
from training_analyzer.domain.spending import Budget
from training_analyzer.sdk import (
    PriceTable,
    TimedOut,
)


def test_the_model_that_answered_is_paid_and_an_unknown_one_noted(desk: Desk) -> None:
    one = ScriptedBackend("one", Reply(text="good", model="m-9", usage=SPENT))
    chain = desk.ask(one)
    assert chain.attempts[0].cost_microusd == MICROUSD
    assert "m-9 answered, whose price is not known" in chain.notes[0]
    ((answered, model),) = desk.sql("SELECT answered, model FROM model_calls")
    assert (answered, model) == ("m-9", "m-1")
    assert desk.ask(one).answer is None, "who knows what it costs"
    assert len(one.prompts) == 1


DEAR = PRICE.model_copy(update={"input_usd": 30.0, "output_usd": 300.0})


@pytest.mark.parametrize(("limit", "fits"), [(30 * WORST_MICROUSD, True), (30 * WORST_MICROUSD - 1, False)])
def test_no_budget_is_exceeded_where_a_dearer_model_answers(desk: Desk, limit: int, fits: bool) -> None:
    """As where a service routes what is asked of a retired model to its successor, and bills that."""
    desk.terms = terms(athlete_day=Budget(limit, 9, 10**9))
    most = Usage(input_tokens=worst_case(PROMPT).input_tokens, output_tokens=PROMPT.max_output_tokens)
    rerouted = Reply(text="good", model="m-2", usage=most)
    one = ScriptedBackend("one", rerouted, others={"m-2": DEAR})
    desk.ask(one)
    assert len(one.prompts) == int(fits)
    assert desk.sql("SELECT DISTINCT microusd FROM athlete_spending") == ([(limit,)] if fits else [])


def test_what_came_to_no_answer_may_have_been_billed_by_the_dearest(desk: Desk) -> None:
    """A dearer and slower successor is one reason for timeouts, and no answer tells of it."""
    desk.ask(ScriptedBackend("one", TimedOut("late"), others={"m-2": DEAR}))
    assert desk.spent()[0] == 30 * WORST_MICROUSD


def test_a_service_that_is_free_may_call_its_models_what_it_likes(desk: Desk) -> None:
    free = PRICE.model_copy(update={"input_usd": 0.0, "output_usd": 0.0})
    one = ScriptedBackend("one", Reply(text="good", model="my.gguf", usage=SPENT), price=free)
    for _ in range(2):
        assert desk.ask(one).answer is not None
    assert desk.spent()[0] == 0


def test_the_deployers_dearest_counts_too(desk: Desk) -> None:
    table = PriceTable.parse(
        '[[models]]\nbackend="one"\nid="m-3"\ninput_usd=100\noutput_usd=20\nsince=2026-01-01\nsource="x"'
    )
    desk.terms = Terms(terms().budgets, Prices(table))
    desk.purse().admit(ScriptedBackend("one", "good"), PROMPT)
    assert desk.spent()[1] == 100 * worst_case(PROMPT).input_tokens + 20 * PROMPT.max_output_tokens


def test_what_costs_more_than_anybody_knew_happens_once(desk: Desk, clock: StoppedClock) -> None:
    """A plugin that does not name the model, though it knows its price."""

    class Silent(ScriptedBackend):
        def known_models(self) -> Iterable[str]:
            return ()

    rerouted = Reply(text="good", model="m-2", usage=SPENT)
    one, two = Silent("one", rerouted, others={"m-2": DEAR}), ScriptedBackend("two", "good")
    chain = desk.ask(one)
    assert chain.notes == ["one: m-2 billed more than the dearest model was thought to"]
    assert desk.spent()[0] == 30 * MICROUSD, "the books tell the truth"
    assert desk.ask(one).better_after == NOW.replace(hour=0, minute=0, second=0) + timedelta(days=1)
    chain = desk.ask(one, two)
    assert (len(one.prompts), len(two.prompts)) == (1, 1)
    assert "left alone until 2026-06-16 00:00 UTC: its bill was not foreseen" in chain.notes[0]


def test_a_plugin_that_cannot_say_which_models_it_knows_is_asked_all_the_same(desk: Desk) -> None:
    class Confused(ScriptedBackend):
        def known_models(self) -> Iterable[str]:
            raise RuntimeError("a bug")

    assert desk.ask(Confused("one", "good")).answer is not None
