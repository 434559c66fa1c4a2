"""
Asking the backends, one after the other, until an answer holds.

What each failure means for the rest of the chain is one table, `endings.ENDINGS`. At most `MAX_BILLED`
requests of an insight may cost anything, and no request begins that could end after the deadline.
"""

import logging
import queue
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from training_analyzer.analysis.draft import Draft
from training_analyzer.analysis.endings import ANSWERED, ENDINGS, UNFORESEEN, UNGROUNDED, Ending, Outcome
from training_analyzer.analysis.gates import Bill, Gate, Refusal
from training_analyzer.analysis.prices import Prices
from training_analyzer.analysis.repairing import repaired
from training_analyzer.domain.insight import Attempt, Prompt, Reply
from training_analyzer.sdk import InsightBackend, PluginError, RateLimited, TimedOut

LOGGER = logging.getLogger(__name__)

MAX_BILLED: Final = 2
LOGGED_CHARACTERS: Final = 300
MODEL_NAME: Final = re.compile(r"[\w./:@+ -]{0,100}")
UNNAMED: Final = "a model without a proper name"
LOADING_S: Final = 10.0
"""How much longer than its timeout a request may take as a whole: the SDK is imported with the first."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of a reply: a draft, or all that does not hold, and what does where that is enough."""

    taken: Draft | None
    violations: tuple[str, ...] = ()
    in_part: Draft | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply that holds, or what holds of it."""

    backend: str
    model: str
    draft: Draft
    is_whole: bool = True
    """Nothing of it was left out."""


@dataclass(slots=True)
class Chain:
    """What the attempts have come to so far."""

    attempts: list[Attempt] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    answer: Answer | None = None
    in_part: Answer | None = None
    """What held of the last answer that held in part."""
    better_after: datetime | None = None
    billed: int = 0

    def may_be_better(self, until: datetime | None) -> None:
        if until is not None:
            self.better_after = min(filter(None, (self.better_after, until)))


def ask(
    backends: Sequence[InsightBackend],
    prompt: Prompt,
    judge: Callable[[str], Judged],
    gate: Gate,
    *,
    deadline_s: float,
    seconds: Callable[[], float] = time.monotonic,
) -> Chain:
    """
    Ask until an answer holds; it always returns, and says in notes what became of each request.

    An answer that does not hold is sent back once with what is wrong with it. Where none holds as a whole,
    what held of one in part is the answer, of the last one that did; but not of a service that then refused.
    """
    chain = Chain()
    _ask_each(chain, backends, prompt, judge, gate, deadline_s=deadline_s, seconds=seconds)
    if chain.answer is None and chain.in_part is not None:
        chain.answer = chain.in_part
        chain.notes.append("what did not hold was left out, or says what the rules say")
    _log_refused(chain)
    return chain


def _ask_each(
    chain: Chain,
    backends: Sequence[InsightBackend],
    prompt: Prompt,
    judge: Callable[[str], Judged],
    gate: Gate,
    *,
    deadline_s: float,
    seconds: Callable[[], float],
) -> None:
    began = seconds()
    for backend in backends:
        to_send = fitting = _with_room_to_think(prompt, backend)
        for is_repair in (False, True):
            name = backend.info.name
            if chain.billed >= MAX_BILLED:
                chain.notes.append(f"{name}: not asked, because {MAX_BILLED} requests were billed already")
                return
            if seconds() - began + longest_s(backend) > deadline_s:
                chain.notes.append(f"{name}: not asked, because too little time was left")
                return
            admitted = gate.admit(backend, to_send)
            if isinstance(admitted, Refusal):
                chain.notes.append(f"{name}: not asked, because {admitted.why}")
                chain.may_be_better(admitted.until)
                if admitted.ends_chain:
                    return
                break
            outcome, judged = _request(backend, to_send, judge, seconds)
            _take_down(chain, backend, outcome, judged, admitted.settle(outcome))
            if chain.answer is not None or (outcome.ending and outcome.ending.ends_chain):
                return
            if outcome.reply is None or is_repair:
                break
            to_send = repaired(fitting, outcome.reply.text, judged.violations)


def why_never_asked(backend: InsightBackend, prices: Prices, today: date, deadline_s: float) -> Iterator[str]:
    """Yield what keeps a backend from ever being asked, for whoever can change it."""
    info = backend.info
    if prices.price(backend, info.model, today) is None:
        yield f"It is never asked: {prices.why_unknown(info.model)}."
    if longest_s(backend) > deadline_s:
        yield (
            f"It is never asked: its timeout of {info.timeout_s:g} s, and {LOADING_S:g} s for loading, are "
            f"longer than TRAINING_ANALYZER_AI_DEADLINE_S, {deadline_s:g} s."
        )


def longest_s(backend: InsightBackend) -> float:
    """Return how long a request to the backend may take as a whole."""
    return backend.info.timeout_s + LOADING_S


def _with_room_to_think(prompt: Prompt, backend: InsightBackend) -> Prompt:
    """Return the prompt as this backend is sent it: room for the reply, and to think where it has to."""
    room = prompt.max_output_tokens + backend.info.thinking_tokens
    return prompt.model_copy(update={"max_output_tokens": room})


def _request(
    backend: InsightBackend,
    prompt: Prompt,
    judge: Callable[[str], Judged],
    seconds: Callable[[], float],
) -> tuple[Outcome, Judged]:
    """Make one request. Whatever the plugin does, it comes to an outcome."""
    began = seconds()
    try:
        reply = _named(_in_time(backend, prompt))
    except PluginError as error:
        ending = next((ending for kind, ending in ENDINGS if isinstance(error, kind)), UNFORESEEN)
        outcome = Outcome(ending.outcome, error=error, ending=ending)
    except Exception as error:  # noqa: BLE001 - a plugin's bug must not cost the athlete the insight
        outcome = Outcome(UNFORESEEN.outcome, error=error, ending=UNFORESEEN)
    else:
        latency_ms = round((seconds() - began) * 1000)
        judged = _judged(judge, reply.text)
        name = UNGROUNDED if judged.taken is None else ANSWERED
        return Outcome(name, reply=reply, latency_ms=latency_ms), judged
    _log_failure(backend, outcome)
    return _with_latency(outcome, round((seconds() - began) * 1000)), Judged(None)


def _log_failure(backend: InsightBackend, outcome: Outcome) -> None:
    """Tell the deployer in the service's own words, which may name keys or hosts, or quote facts."""
    info, error = backend.info, outcome.error
    told = f"{type(error).__name__}: {error}"[:LOGGED_CHARACTERS]
    LOGGER.warning(
        "a request to %s (%s) ended as %s: %r",
        info.name,
        info.model,
        outcome.name,
        told,
        exc_info=error if outcome.ending is UNFORESEEN else None,
    )


def _in_time(backend: InsightBackend, prompt: Prompt) -> Reply:
    """
    Ask, and wait no longer than the backend may take as a whole.

    The timeouts of SDKs are for each read: a service that sends a byte now and then outlasts them. Raises
    what the backend raises, or TimedOut; the thread is then left to its own end.
    """
    answers: queue.Queue[Reply | BaseException] = queue.Queue(maxsize=1)

    def run() -> None:
        try:
            answers.put(backend.generate(prompt))
        except BaseException as error:  # noqa: BLE001 - raised where it is waited for
            answers.put(error)

    threading.Thread(target=run, name=f"asks {backend.info.name}", daemon=True).start()
    try:
        answer = answers.get(timeout=longest_s(backend))
    except queue.Empty:
        raise TimedOut(f"no whole answer within {backend.info.timeout_s:g} s") from None
    if isinstance(answer, BaseException):
        raise answer
    return answer


def _named(reply: Reply) -> Reply:
    """A service may put any text where the name of its model belongs; that is stored, and shown."""
    return reply if MODEL_NAME.fullmatch(reply.model) else reply.model_copy(update={"model": UNNAMED})


def _judged(judge: Callable[[str], Judged], reply_text: str) -> Judged:
    """A reply that is paid for has to be settled, even where checking it fails."""
    try:
        return judge(reply_text)
    except Exception as error:
        LOGGER.exception("a reply could not be checked")
        return Judged(None, (f"it could not be checked: {type(error).__name__}",))


def _with_latency(outcome: Outcome, latency_ms: int) -> Outcome:
    return Outcome(outcome.name, error=outcome.error, ending=outcome.ending, latency_ms=latency_ms)


def _take_down(chain: Chain, backend: InsightBackend, outcome: Outcome, judged: Judged, bill: Bill) -> None:
    name = backend.info.name
    model = outcome.reply.model if outcome.reply else ""
    chain.billed += bill.billed
    chain.attempts.append(
        Attempt(
            backend=name,
            requested_model=backend.info.model,
            model=model,
            outcome=outcome.name,
            usage=bill.usage,
            cost_microusd=bill.microusd,
            latency_ms=outcome.latency_ms,
            violations=judged.violations,
        )
    )
    if bill.note:
        chain.notes.append(f"{name}: {bill.note}")
    if judged.in_part is not None:
        chain.in_part = Answer(name, model, judged.in_part, is_whole=False)
    if judged.taken is not None:
        chain.answer = Answer(name, model, judged.taken)
    elif outcome.ending is not None:
        chain.in_part = None if outcome.ending.ends_chain else chain.in_part
        chain.notes.append(f"{name}: {_what_happened(outcome.ending, outcome.error)}")
        chain.may_be_better(bill.again_at)
    else:
        chain.notes.append(f"{name}: {_how_much_did_not_hold(judged.violations)}")


def _what_happened(ending: Ending, error: Exception | None) -> str:
    """Say it in our words alone: athletes read it."""
    if isinstance(error, RateLimited):
        return f"{ending.words} until {error.retry_at:%Y-%m-%d %H:%M %Z}"
    return ending.words


def _how_much_did_not_hold(violations: Sequence[str]) -> str:
    count = f"{len(violations)} things" if len(violations) > 1 else "one thing"
    return f"answered, but {count} did not hold"


def _log_refused(chain: Chain) -> None:
    """Tell of each backend of whose answers the verifier let nothing pass: else nobody would notice."""
    refused = Counter(
        (attempt.backend, attempt.requested_model)
        for attempt in chain.attempts
        if attempt.outcome == UNGROUNDED
    )
    for (backend, model), times in refused.items():
        if chain.answer is None or chain.answer.backend != backend:
            LOGGER.warning(
                "nothing that %s (%s) wrote held against the facts: %d refused", backend, model, times
            )
