"""Our tables: their shape, from which alembic tells what a migration has to do. They never leave storage."""

from training_analyzer.storage.tables.activities import (
    ActivityRow,
    DayRow,
    DocumentRow,
    MeasurementRow,
    RecordingRow,
    RejectionRow,
)
from training_analyzer.storage.tables.athletes import AthleteRow, OAuthStateRow, SessionRow, ThresholdRow
from training_analyzer.storage.tables.connections import ConnectionRow, ListingRow, RequestCountRow
from training_analyzer.storage.tables.erasures import ErasureRow
from training_analyzer.storage.tables.insights import InsightRow
from training_analyzer.storage.tables.table import Table
from training_analyzer.storage.tables.work import ClosureRow, MarkRow, QuotaWindowRow, WorkRow

METADATA = Table.metadata

__all__ = [
    "METADATA",
    "ActivityRow",
    "AthleteRow",
    "ClosureRow",
    "ConnectionRow",
    "DayRow",
    "DocumentRow",
    "ErasureRow",
    "InsightRow",
    "ListingRow",
    "MarkRow",
    "MeasurementRow",
    "OAuthStateRow",
    "QuotaWindowRow",
    "RecordingRow",
    "RejectionRow",
    "RequestCountRow",
    "SessionRow",
    "Table",
    "ThresholdRow",
    "WorkRow",
]
