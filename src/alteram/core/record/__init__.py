"""The record: entries, their links, the export file, and its verification."""

from alteram.core.record.bounds import Bound, EntryTimes, TimeBounds, encode_seconds
from alteram.core.record.entry import Attachment, Entry, Seen, encode_claims, parse_entry, seal
from alteram.core.record.errors import RecordError
from alteram.core.record.export import ExportedCheckpoint, ExportedEntry, ExportedStatement, write_export
from alteram.core.record.verification import (
    VerificationReport,
    VerifiedEntry,
    VerifiedStream,
    iterate_entries,
    verify_export,
)

__all__ = [
    "Attachment",
    "Bound",
    "Entry",
    "EntryTimes",
    "ExportedCheckpoint",
    "ExportedEntry",
    "ExportedStatement",
    "RecordError",
    "Seen",
    "TimeBounds",
    "VerificationReport",
    "VerifiedEntry",
    "VerifiedStream",
    "encode_claims",
    "encode_seconds",
    "iterate_entries",
    "parse_entry",
    "seal",
    "verify_export",
    "write_export",
]
