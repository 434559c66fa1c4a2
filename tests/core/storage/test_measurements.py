"""Measurements in place of former ones: what is as it was stays untouched."""

from uuid import UUID

from sqlalchemy import text

from training_analyzer.runtime import Runtime
from training_analyzer.sdk import Curve, Distribution, Measurement
from training_analyzer.storage import measurements
from training_analyzer.storage.database import Transaction

CURVE = Curve(seconds=(1.0, 5.0), values=(300.0, 250.5), starts_s=(7.0, 3.0))
PLACELESS = Curve(seconds=(1.0,), values=(9.5,))
NUMBER = Measurement(key="fake.number", value=1.5, method="power", thresholds={"max_heart_rate_bpm": 190.0})
ZONES = Measurement(key="fake.zones", value=Distribution(bounds=(150.0,), seconds=(10.0, 20.0)))
ABSENT = Measurement(key="fake.absent", reason="no_power")


def test_only_what_differs_is_written(runtime: Runtime, athlete_id: UUID) -> None:
    same = (NUMBER, ZONES, ABSENT, Measurement(key="fake.same", value=PLACELESS))
    first = (*same, Measurement(key="fake.curve", value=CURVE), Measurement(key="fake.gone", value=CURVE))
    higher = CURVE.model_copy(update={"values": (300.0, 251.0)})
    second = (*same, Measurement(key="fake.curve", value=higher), Measurement(key="fake.new", value=2.0))
    with runtime.database.transaction(athlete_id) as tx:
        activity_id, other_id = _activity(tx, athlete_id), _activity(tx, athlete_id)
        measured = [(one, 1) for one in first]
        measurements.replace(tx, athlete_id, {activity_id: measured, other_id: measured})
    before = _written(runtime, athlete_id, activity_id)
    others = _written(runtime, athlete_id, other_id)
    with runtime.database.transaction(athlete_id) as tx:
        measurements.replace(tx, athlete_id, {activity_id: [(one, 1) for one in second]})
    after = _written(runtime, athlete_id, activity_id)

    assert {key for key in before if key not in after} == {
        ("measurements", "fake.gone"),
        ("curves", "fake.gone"),
    }
    assert {key for key in after if after[key] != before.get(key)} == {
        ("measurements", "fake.new"),
        ("curves", "fake.curve"),
    }
    assert _written(runtime, athlete_id, other_id) == others
    with runtime.database.transaction(athlete_id) as tx:
        stored = tx.execute(
            text('SELECT seconds, "values", starts_s FROM curves WHERE activity_id = :id ORDER BY key'),
            {"id": activity_id},
        ).all()
    assert [tuple(row) for row in stored] == [
        ([1.0, 5.0], [300.0, 251.0], [7.0, 3.0]),
        ([1.0], [9.5], None),
    ]


def test_each_way_to_differ_is_written(runtime: Runtime, athlete_id: UUID) -> None:
    others = (
        (NUMBER.model_copy(update={"value": 1.25}), 1),
        (NUMBER.model_copy(update={"value": None, "reason": "no_power"}), 1),
        (NUMBER.model_copy(update={"value": ZONES.value}), 1),
        (NUMBER.model_copy(update={"method": "heart_rate"}), 1),
        (NUMBER.model_copy(update={"estimated": True}), 1),
        (NUMBER.model_copy(update={"thresholds": {}}), 1),
        (NUMBER.model_copy(update={"doubtful": True}), 1),
        (NUMBER, 2),
    )
    for other in others:
        with runtime.database.transaction(athlete_id) as tx:
            activity_id = _activity(tx, athlete_id)
            measurements.replace(tx, athlete_id, {activity_id: [(NUMBER, 1)]})
        before = _written(runtime, athlete_id, activity_id)
        with runtime.database.transaction(athlete_id) as tx:
            measurements.replace(tx, athlete_id, {activity_id: [other]})
        assert _written(runtime, athlete_id, activity_id) != before, other


def test_an_activity_that_nothing_is_said_of_keeps_nothing(runtime: Runtime, athlete_id: UUID) -> None:
    with runtime.database.transaction(athlete_id) as tx:
        activity_id = _activity(tx, athlete_id)
        measured = [(NUMBER, 1), (Measurement(key="fake.curve", value=CURVE), 1)]
        measurements.replace(tx, athlete_id, {activity_id: measured})
        measurements.replace(tx, athlete_id, {activity_id: []})
    assert _written(runtime, athlete_id, activity_id) == {}


def _activity(tx: Transaction, athlete_id: UUID) -> UUID:
    made: UUID = tx.execute(
        text("""
            INSERT INTO activities (athlete_id, sport, started_at, utc_offset_s, local_date, elapsed_s, moving_s)
            VALUES (:id, 'ride', '2026-06-01T06:00:00Z', 0, '2026-06-01', 60, 60) RETURNING id
        """),
        {"id": athlete_id},
    ).scalar_one()
    return made


def _written(runtime: Runtime, athlete_id: UUID, activity_id: UUID) -> dict[tuple[str, str], str]:
    """Return by which transaction each row was last written."""
    with runtime.database.transaction(athlete_id) as tx:
        rows = tx.execute(
            text("""
                SELECT 'measurements' AS name, key, xmin::text FROM measurements WHERE activity_id = :id
                UNION ALL SELECT 'curves', key, xmin::text FROM curves WHERE activity_id = :id
            """),
            {"id": activity_id},
        )
        return {(row.name, row.key): row.xmin for row in rows}
