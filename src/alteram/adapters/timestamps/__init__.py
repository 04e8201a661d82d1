"""Time stamps (RFC 3161) over checkpoints: a second kind of outsider who says when. Optional."""

from alteram.adapters.timestamps.authority import request_token
from alteram.adapters.timestamps.files import FileTimestamps, StampedCheckpoint
from alteram.adapters.timestamps.token import Timestamp, TimestampError, read_roots, verify_token

__all__ = [
    "FileTimestamps",
    "StampedCheckpoint",
    "Timestamp",
    "TimestampError",
    "read_roots",
    "request_token",
    "verify_token",
]
