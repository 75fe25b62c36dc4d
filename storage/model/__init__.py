"""The records of Broadsheet: frozen dataclasses, standard library only.

Times are aware UTC. Page numbers count from 1 as the PDF shows them to a reader of `#page=`. A paper's id is
always the canonical versionless arXiv id (`2404.12345`, `hep-th/9901001`); with its version it is a key
(`2404.12345v2`).
"""

from storage.model.deliveries import Delivery, DeliveryState, delivery_key
from storage.model.digests import Digest, Highlight, Noted, Pick, Receipt, Shortfall
from storage.model.papers import (
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
from storage.model.tastes import Example, Preference, PreferenceKind, Subject, Vote, VoteCount

__all__ = [
    "Delivery",
    "DeliveryState",
    "Digest",
    "DigestStyle",
    "Example",
    "Highlight",
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
    "Section",
    "SectionKind",
    "Shortfall",
    "Statement",
    "Subject",
    "SubmissionWindow",
    "Subscription",
    "Summary",
    "SummaryKind",
    "TextSource",
    "ThreadPolicy",
    "Vote",
    "VoteCount",
    "delivery_key",
]
