"""
What is owed: one row for each unit of work, with one life, `owed → done | parked`.

Owing what is owed already raises `requested`. A claim raises `fence`, takes a lease and hands out both
numbers; to finish requires the fence, so that a late orphan changes nothing, and says done only if
`requested` is still what it was, so that a cause that arrived meanwhile is not lost. Leases go by
PostgreSQL's clock; `not_before` goes by ours, which a demonstration may set to another day.

While a unit is worked on its `not_before` is infinity: what is owed meanwhile lowers it.
"""

from training_analyzer.storage.work.claiming import (
    CUT_OFF,
    DIED,
    Claim,
    calm,
    claim,
    fail,
    finish,
    forgive,
    hold,
    note,
    park,
    release,
    renew,
    wait,
)
from training_analyzer.storage.work.closures import ask_next, close, hurry, open_all, opens_at, reopen, shut
from training_analyzer.storage.work.given_up import Parked, parked_of, retry_parked
from training_analyzer.storage.work.outlook import (
    Held,
    Queue,
    find_due,
    held_of,
    is_arriving,
    owed_of,
    queue_of,
)
from training_analyzer.storage.work.owing import Owed, forget, forget_unasked, owe, owe_again
from training_analyzer.storage.work.ringing import WAITS_IN, ring
from training_analyzer.storage.work.settled import DONE_FOR_GOOD, moment, remove_done, settled_since
from training_analyzer.storage.work.tally import Tally, is_dispatched, tally

__all__ = [
    "CUT_OFF",
    "DIED",
    "DONE_FOR_GOOD",
    "WAITS_IN",
    "Claim",
    "Held",
    "Owed",
    "Parked",
    "Queue",
    "Tally",
    "ask_next",
    "calm",
    "claim",
    "close",
    "fail",
    "find_due",
    "finish",
    "forget",
    "forget_unasked",
    "forgive",
    "held_of",
    "hold",
    "hurry",
    "is_arriving",
    "is_dispatched",
    "moment",
    "note",
    "open_all",
    "opens_at",
    "owe",
    "owe_again",
    "owed_of",
    "park",
    "parked_of",
    "queue_of",
    "release",
    "remove_done",
    "renew",
    "reopen",
    "retry_parked",
    "ring",
    "settled_since",
    "shut",
    "tally",
    "wait",
]
