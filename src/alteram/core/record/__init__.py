"""The record: entries, their links, the export file, and its verification."""

from alteram.core.record.adjoining import Adjoined, adjoin
from alteram.core.record.bounds import Bound, EntryTimes, TimeBounds, encode_seconds
from alteram.core.record.entry import Attachment, Entry, Seen, encode_claims, parse_entry, seal
from alteram.core.record.errors import RecordError
from alteram.core.record.excerpt_verification import VerifiedExcerpt, verify_excerpt
from alteram.core.record.excerpts import Released, build_excerpt, release_pieces
from alteram.core.record.export import ExportedCheckpoint, ExportedEntry, ExportedStatement, write_export
from alteram.core.record.verification import (
    VerificationReport,
    VerifiedEntry,
    VerifiedStream,
    iterate_entries,
    verify_export,
)

__all__ = [
    "Adjoined",
    "Attachment",
    "Bound",
    "Entry",
    "EntryTimes",
    "ExportedCheckpoint",
    "ExportedEntry",
    "ExportedStatement",
    "RecordError",
    "Released",
    "Seen",
    "TimeBounds",
    "VerificationReport",
    "VerifiedEntry",
    "VerifiedExcerpt",
    "VerifiedStream",
    "adjoin",
    "build_excerpt",
    "encode_claims",
    "encode_seconds",
    "iterate_entries",
    "parse_entry",
    "release_pieces",
    "seal",
    "verify_excerpt",
    "verify_export",
    "write_export",
]
