"""Our tables: their shape, from which alembic tells what a migration has to do. They never leave storage."""

from training_analyzer.storage.tables.activities import (
    ActivityRow,
    CurveRow,
    DayRow,
    DocumentRow,
    MeasurementRow,
    RecordingRow,
    RejectionRow,
    RulingRow,
    SeriesRow,
)
from training_analyzer.storage.tables.athletes import (
    ApiKeyRow,
    AthleteRow,
    OAuthStateRow,
    ProfileDocumentRow,
    SessionRow,
    SuggestionRow,
    ThresholdRow,
)
from training_analyzer.storage.tables.connections import (
    ConnectionRow,
    ListingRow,
    RequestCountRow,
    RevocationRow,
)
from training_analyzer.storage.tables.erasures import ErasureRow
from training_analyzer.storage.tables.insights import FeedbackRow, InsightRow, QuestionRow
from training_analyzer.storage.tables.spending import (
    AthleteSpendingRow,
    BreakerRow,
    CallWindowRow,
    DeploymentSpendingRow,
    FlightRow,
    ModelCallRow,
)
from training_analyzer.storage.tables.table import Table
from training_analyzer.storage.tables.uploads import (
    UploadFileRow,
    UploadPieceRow,
    UploadResultRow,
    UploadRow,
)
from training_analyzer.storage.tables.webhooks import IgnoredEventsRow, ReceiptRow, WebhookSubscriptionRow
from training_analyzer.storage.tables.work import ClosureRow, MarkRow, QuotaWindowRow, TroubleRow, WorkRow

METADATA = Table.metadata

__all__ = [
    "METADATA",
    "ActivityRow",
    "ApiKeyRow",
    "AthleteRow",
    "AthleteSpendingRow",
    "BreakerRow",
    "CallWindowRow",
    "ClosureRow",
    "ConnectionRow",
    "CurveRow",
    "DayRow",
    "DeploymentSpendingRow",
    "DocumentRow",
    "ErasureRow",
    "FeedbackRow",
    "FlightRow",
    "IgnoredEventsRow",
    "InsightRow",
    "ListingRow",
    "MarkRow",
    "MeasurementRow",
    "ModelCallRow",
    "OAuthStateRow",
    "ProfileDocumentRow",
    "QuestionRow",
    "QuotaWindowRow",
    "ReceiptRow",
    "RecordingRow",
    "RejectionRow",
    "RequestCountRow",
    "RevocationRow",
    "RulingRow",
    "SeriesRow",
    "SessionRow",
    "SuggestionRow",
    "Table",
    "ThresholdRow",
    "TroubleRow",
    "UploadFileRow",
    "UploadPieceRow",
    "UploadResultRow",
    "UploadRow",
    "WebhookSubscriptionRow",
    "WorkRow",
]
