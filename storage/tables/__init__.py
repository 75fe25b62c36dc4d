"""The tables. Rows stay inside `storage`: queries return the records of `storage.model`.

Nested records that are read and written whole are one JSON column, beside the columns that queries use.
"""

from storage.tables.arxiv import ArxivAnswerRow, ArxivListRow, ArxivSlotRow
from storage.tables.base import Base
from storage.tables.digests import (
    AudioRow,
    DeliveryRow,
    DigestEntryRow,
    DigestPlanRow,
    DigestRow,
    SubscriptionRow,
)
from storage.tables.papers import (
    AnnouncementRow,
    PaperCategoryRow,
    PaperRow,
    PaperTextRow,
    PaperVectorRow,
    PaperVersionRow,
    PassageRow,
    PassageVectorRow,
    SummaryRow,
)
from storage.tables.people import ConversationRow, SeenPaperRow, UsageRow
from storage.tables.processes import LeaseRow, ProcessRow, StateRow
from storage.tables.tastes import PreferenceRow, SeedRow, VoteRow

__all__ = [
    "AnnouncementRow",
    "ArxivAnswerRow",
    "ArxivListRow",
    "ArxivSlotRow",
    "AudioRow",
    "Base",
    "ConversationRow",
    "DeliveryRow",
    "DigestEntryRow",
    "DigestPlanRow",
    "DigestRow",
    "LeaseRow",
    "PaperCategoryRow",
    "PaperRow",
    "PaperTextRow",
    "PaperVectorRow",
    "PaperVersionRow",
    "PassageRow",
    "PassageVectorRow",
    "PreferenceRow",
    "ProcessRow",
    "SeedRow",
    "SeenPaperRow",
    "StateRow",
    "SubscriptionRow",
    "SummaryRow",
    "UsageRow",
    "VoteRow",
]
