"""The curve of one activity at every duration: made when somebody wants to see it, and not stored."""

from collections.abc import Callable, Mapping
from uuid import UUID

from training_analyzer.domain.metric import Measurement, MetricKey
from training_analyzer.processing.plan import Plan
from training_analyzer.processing.sessions import Kept
from training_analyzer.sdk import ActivityInput, DataProvider, SupportsFullCurves
from training_analyzer.storage import documents, measuring_states, thresholds
from training_analyzer.storage.database import Transaction


def full_curve(
    tx: Transaction,
    athlete_id: UUID,
    activity_id: UUID,
    key: MetricKey,
    *,
    plan: Plan,
    providers: Mapping[str, DataProvider],
) -> Callable[[], Measurement] | None:
    """
    Return what makes the whole curve, for when the transaction has ended; None where no more can be made
    of it than is stored.

    Reads the documents that the numbers were made from; where they are gone, no more can be made. What is
    returned raises NotPossible.
    """
    calculator = next(
        (
            one
            for one in plan.activity_metrics
            if isinstance(one, SupportsFullCurves) and any(metric.key == key for metric in one.metrics)
        ),
        None,
    )
    leading = measuring_states.leading(tx, activity_id)
    if calculator is None or leading is None or leading.provider not in providers:
        return None
    kept = Kept(providers[leading.provider], documents.current(tx, leading.id))
    if not kept.documents:
        return None
    # Of the day on which the session lies, which other recordings may know better than the leading one.
    assert leading.local_date is not None
    athlete = thresholds.body(tx, athlete_id).as_of(leading.local_date, leading.sport)

    def made() -> Measurement:
        activity = kept.session()
        return calculator.full_curve(ActivityInput(activity, athlete), key)

    return made
