"""An RQ worker that knows whether it was asked to end, and whose work-horses are on the leash too."""

from types import FrameType

from rq import Queue, Worker
from rq.job import Job

from training_analyzer.cli import leash
from training_analyzer.queue import UnitDeathPenalty


class UnitWorker(Worker):
    """`leashed`: end its work-horses when standard input ends."""

    death_penalty_class = UnitDeathPenalty

    leashed = False
    asked_to_stop = False

    def request_stop(self, signum: int, frame: FrameType | None) -> None:
        self.asked_to_stop = True
        super().request_stop(signum, frame)  # type: ignore[no-untyped-call]

    def main_work_horse(self, job: Job, queue: Queue) -> None:
        if self.leashed:
            leash.watch(leash.end_now)
        super().main_work_horse(job, queue)
