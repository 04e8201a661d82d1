"""The record: entries, their links, the export file, and its verification."""

from alteram.core.record.entry import Attachment, Entry, Seen, encode_claims, parse_entry, seal
from alteram.core.record.errors import RecordError
from alteram.core.record.export import ExportedEntry, ExportedStatement, write_export
from alteram.core.record.verification import VerificationReport, VerifiedEntry, iterate_entries, verify_export

__all__ = [
    "Attachment",
    "Entry",
    "ExportedEntry",
    "ExportedStatement",
    "RecordError",
    "Seen",
    "VerificationReport",
    "VerifiedEntry",
    "encode_claims",
    "iterate_entries",
    "parse_entry",
    "seal",
    "verify_export",
    "write_export",
]
