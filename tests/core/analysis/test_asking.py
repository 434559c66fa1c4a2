"""The chain of backends: which failure leads to whom, what it costs, and when it ends."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from tests.fakes.backend import ScriptedBackend
from tests.waiting import PATIENCE_S
from training_analyzer.analysis.asking import Chain, Judged, ask
from training_analyzer.analysis.draft import Draft
from training_analyzer.analysis.endings import ENDINGS
from training_analyzer.analysis.gates import Unmetered
from training_analyzer.domain.insight import Prompt
from training_analyzer.sdk import (
    BadData,
    BadRequest,
    InsightBackend,
    Misconfigured,
    MissingScope,
    NotAuthorized,
    NotFound,
    PluginError,
    Price,
    QuotaSpent,
    RateLimited,
    Refused,
    Reply,
    TimedOut,
    Truncated,
    Unavailable,
    errors,
)

NOW = datetime(2026, 11, 22, 20, tzinfo=UTC)
PROMPT = Prompt(instructions="", facts="{}", reply_schema={})
DRAFT = Draft(status="nothing_notable", observations=(), caveats=(), recommendation="", headline="Quiet")


def judge(text: str) -> Judged:
    return Judged(DRAFT) if text == "good" else Judged(None, ("headline: an invented number",))


PART = DRAFT.model_copy(update={"headline": "What held"})


def judge_in_part(text: str) -> Judged:
    if text == "good":
        return Judged(DRAFT)
    part = PART.model_copy(update={"headline": text}) if text.startswith("partly") else None
    return Judged(None, ("observation 2: an invented number",), part)


def asked(*backends: InsightBackend, deadline_s: float = 60) -> Chain:
    return ask(backends, PROMPT, judge, Unmetered(), deadline_s=deadline_s)


ON = [
    (RateLimited("slow down", retry_at=NOW), "rate_limited", "rate limited until 2026-11-22 20:00 UTC"),
    (QuotaSpent("no more", retry_at=NOW), "quota_spent", "its quota is spent until 2026-11-22 20:00 UTC"),
    (Unavailable("status 503"), "unavailable", "did not answer"),
    (TimedOut("ReadTimeout"), "timed_out", "did not answer in time"),
    (Truncated("MAX_TOKENS"), "truncated", "the answer was cut off"),
    (BadData("html"), "bad_output", "the answer made no sense"),
    (PluginError("odd"), "plugin_failed", "the plugin failed"),
    (RuntimeError("a bug"), "plugin_failed", "the plugin failed"),
]
END = [
    (NotAuthorized("bad key"), "not_authorized", "the key is not accepted; set a valid one"),
    (MissingScope("bad key", scopes=()), "not_authorized", "the key is not accepted; set a valid one"),
    (Misconfigured("no such model"), "misconfigured", "is set up wrongly"),
    (NotFound("no such model"), "misconfigured", "is set up wrongly"),
    (BadRequest("status 400"), "bad_request", "does not understand the request"),
    (Refused("safety"), "refused", "would not answer, and no other backend was asked"),
]


@pytest.mark.parametrize(("failure", "outcome", "note"), ON)
def test_the_next_one_is_asked_when_one_fails(failure: Exception, outcome: str, note: str) -> None:
    one, two = ScriptedBackend("one", failure), ScriptedBackend("two", "good")
    chain = asked(one, two)
    assert chain.answer is not None
    assert chain.answer.backend == "two"
    assert len(one.prompts) == len(two.prompts) == 1
    assert [attempt.outcome for attempt in chain.attempts] == [outcome, "answered"]
    assert chain.notes[0] == f"one: {note}"


@pytest.mark.parametrize(("failure", "outcome", "note"), END)
def test_some_failures_end_the_chain(failure: Exception, outcome: str, note: str) -> None:
    one, two = ScriptedBackend("one", failure), ScriptedBackend("two", "good")
    chain = asked(one, two)
    assert chain.answer is None
    assert two.prompts == []
    assert [attempt.outcome for attempt in chain.attempts] == [outcome]
    assert chain.notes[0] == f"one: {note}"


def test_the_table_knows_every_error_of_the_sdk() -> None:
    known = tuple(kind for kind, _ in ENDINGS)
    of_the_sdk = [
        one
        for one in vars(errors).values()
        if isinstance(one, type) and issubclass(one, PluginError) and one is not PluginError
    ]
    assert [one for one in of_the_sdk if not issubclass(one, known)] == []
    # the special before the general
    for index, kind in enumerate(known):
        assert not any(issubclass(later, kind) for later in known[index + 1 :])


def test_what_does_not_hold_is_sent_back_once_with_the_reasons() -> None:
    one = ScriptedBackend("one", '{"headline":"bad"}', "good")
    chain = asked(one)
    assert chain.answer is not None
    assert len(one.prompts) == 2
    assert one.prompts[1].instructions == PROMPT.instructions
    assert one.prompts[1].facts.startswith('{"facts":{}}')
    assert '{"headline":"bad"}' in one.prompts[1].facts
    assert "- headline: an invented number" in one.prompts[1].facts


def test_two_requests_that_cost_something_are_the_most() -> None:
    one, two = ScriptedBackend("one", "bad"), ScriptedBackend("two", "good")
    chain = asked(one, two)
    assert chain.answer is None
    assert (len(one.prompts), len(two.prompts)) == (2, 0)
    assert chain.notes[-1] == "two: not asked, because 2 requests were billed already"


def test_requests_that_cost_nothing_do_not_count() -> None:
    free = [ScriptedBackend(f"free_{n}", Unavailable("503")) for n in range(4)]
    last = ScriptedBackend("last", "bad", "good")
    assert asked(*free, last).answer is not None


def test_no_request_begins_that_could_end_after_the_deadline() -> None:
    time = iter(range(0, 10_000, 9))  # every look at the clock takes nine seconds
    # The second would have until the 52nd second to answer, and ten more for loading its SDK.
    slow = [ScriptedBackend(f"slow_{n}", Unavailable("503"), timeout_s=16) for n in range(9)]
    chain = ask(slow, PROMPT, judge, Unmetered(), deadline_s=60, seconds=lambda: float(next(time)))
    assert [len(one.prompts) for one in slow] == [1, 0, 0, 0, 0, 0, 0, 0, 0]
    assert chain.notes[-1] == "slow_1: not asked, because too little time was left"


def test_it_is_known_when_another_try_is_worth_it() -> None:
    soon, late = NOW + timedelta(minutes=1), NOW + timedelta(hours=9)
    chain = asked(
        ScriptedBackend("one", QuotaSpent("full", retry_at=late)),
        ScriptedBackend("two", RateLimited("full", retry_at=soon)),
    )
    assert chain.better_after == soon
    assert asked(ScriptedBackend("one", Refused("no"))).better_after is None


def test_the_room_is_for_the_reply_and_for_thoughts_that_cannot_be_kept_away() -> None:
    thinker, other = ScriptedBackend("thinker", Unavailable("503")), ScriptedBackend("other", "bad", "good")
    thinker.info = thinker.info.model_copy(update={"thinking_tokens": 700})
    asked(thinker, other)
    assert [prompt.max_output_tokens for prompt in thinker.prompts] == [PROMPT.max_output_tokens + 700]
    assert [prompt.max_output_tokens for prompt in other.prompts] == [PROMPT.max_output_tokens] * 2


def test_a_service_that_dribbles_is_not_waited_for_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """A timeout of an SDK is one of each read, and begins anew with every byte."""
    monkeypatch.setattr("training_analyzer.analysis.asking.LOADING_S", 0.05)
    ended = threading.Event()

    class Dribbling(ScriptedBackend):
        def generate(self, prompt: Prompt) -> Reply:
            ended.wait(PATIENCE_S)
            return super().generate(prompt)

    one, two = Dribbling("one", "good", timeout_s=0.05), ScriptedBackend("two", "good", timeout_s=PATIENCE_S)
    chain = asked(one, two, deadline_s=2 * PATIENCE_S)
    ended.set()
    assert [attempt.outcome for attempt in chain.attempts] == ["timed_out", "answered"]
    assert chain.notes[0] == "one: did not answer in time"


def test_latency_and_answering_model_are_kept() -> None:
    (attempt,) = asked(ScriptedBackend("one", "good")).attempts
    assert attempt.latency_ms >= 0
    assert (attempt.requested_model, attempt.model) == ("m-1", "m-1")


def test_a_check_that_fails_costs_the_insight_nothing_but_the_reply() -> None:
    def fail(text: str) -> Judged:
        raise RuntimeError("a bug")

    chain = ask([ScriptedBackend("one", "good")], PROMPT, fail, Unmetered(), deadline_s=60)
    assert chain.answer is None
    assert [attempt.outcome for attempt in chain.attempts] == ["ungrounded", "ungrounded"]
    assert chain.attempts[0].violations == ("it could not be checked: RuntimeError",)


@pytest.mark.parametrize(
    ("deeds", "headline"),
    [
        (("partly", "partly, too"), "partly, too"),
        (("partly", "invented"), "partly"),
        (("partly", RateLimited("slow down", retry_at=NOW)), "partly"),
    ],
)
def test_what_held_in_part_is_taken_where_nothing_holds_as_a_whole(
    deeds: tuple[str | Exception, ...], headline: str
) -> None:
    chain = ask([ScriptedBackend("one", *deeds)], PROMPT, judge_in_part, Unmetered(), deadline_s=60)
    assert chain.answer is not None
    assert not chain.answer.is_whole
    assert (chain.answer.backend, chain.answer.draft.headline) == ("one", headline)
    assert chain.notes[-1] == "what did not hold was left out, or says what the rules say"


def test_nothing_is_kept_of_a_service_that_refuses_then() -> None:
    backend = ScriptedBackend("one", "partly", Refused("safety"))
    assert ask([backend], PROMPT, judge_in_part, Unmetered(), deadline_s=60).answer is None


@pytest.mark.parametrize("deeds", [("partly", "good"), ("partly", Unavailable("503"))])
def test_a_whole_answer_goes_before_what_held_of_another(deeds: tuple[str | Exception, ...]) -> None:
    backends = ScriptedBackend("one", *deeds), ScriptedBackend("two", "good")
    chain = ask(backends, PROMPT, judge_in_part, Unmetered(), deadline_s=60)
    assert chain.answer is not None
    assert chain.answer.draft == DRAFT
    assert not any("left out" in note for note in chain.notes)


def test_a_plugin_that_cannot_say_its_price_is_not_asked() -> None:
    class Confused(ScriptedBackend):
        def price(self, model: str) -> Price | None:
            raise RuntimeError("a bug")

    one = Confused("one", "good")
    assert "is not known" in asked(one).notes[0]
    assert one.prompts == []
