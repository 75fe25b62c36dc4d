"""The records of Broadsheet: frozen dataclasses, standard library only.

Times are aware UTC. Page numbers count from 1, as in a link to a PDF with `#page=`. A paper's id is always
the canonical versionless arXiv id (`2404.12345`, `hep-th/9901001`); with its version it is a key
(`2404.12345v2`).
"""

from storage.model.answers import (
    Answer,
    AnswerKind,
    AnswerSentence,
    AskScope,
    Conversation,
    NearPaper,
    ScopeKind,
    Source,
    Turn,
)
from storage.model.audio import Audio, Chapter
from storage.model.deliveries import Delivery, DeliveryState, delivery_key
from storage.model.digests import Digest, DigestListing, Highlight, Noted, Pick, Receipt, Shortfall
from storage.model.papers import (
    Announcement,
    Page,
    Paper,
    PaperText,
    Passage,
    Section,
    SectionKind,
    SubmissionWindow,
    TextSource,
)
from storage.model.readers import Reader
from storage.model.subscriptions import DigestStyle, Subscription, ThreadPolicy
from storage.model.summaries import Result, Statement, Summary, SummaryKind
from storage.model.tastes import IMPORTED, Preference, PreferenceKind, Seed, Subject, Vote, VoteCount
from storage.model.usage import NOBODY, Asker, UsageTotal, WorkKind

__all__ = [
    "IMPORTED",
    "NOBODY",
    "Announcement",
    "Answer",
    "AnswerKind",
    "AnswerSentence",
    "AskScope",
    "Asker",
    "Audio",
    "Chapter",
    "Conversation",
    "Delivery",
    "DeliveryState",
    "Digest",
    "DigestListing",
    "DigestStyle",
    "Highlight",
    "NearPaper",
    "Noted",
    "Page",
    "Paper",
    "PaperText",
    "Passage",
    "Pick",
    "Preference",
    "PreferenceKind",
    "Reader",
    "Receipt",
    "Result",
    "ScopeKind",
    "Section",
    "SectionKind",
    "Seed",
    "Shortfall",
    "Source",
    "Statement",
    "Subject",
    "SubmissionWindow",
    "Subscription",
    "Summary",
    "SummaryKind",
    "TextSource",
    "ThreadPolicy",
    "Turn",
    "UsageTotal",
    "Vote",
    "VoteCount",
    "WorkKind",
    "delivery_key",
]
