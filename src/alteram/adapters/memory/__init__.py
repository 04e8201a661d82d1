"""Everything in memory, under the same contract as the databases: for tests, trying rulebooks, replaying exports."""

from alteram.adapters.memory.attachments import MemoryAttachmentStore
from alteram.adapters.memory.keys import MemoryCheckpointLock, MemoryKeyStore, MemorySigners, MemoryTileStore
from alteram.adapters.memory.store import MemoryStore
from alteram.adapters.memory.uploads import MemoryUploadStore

__all__ = [
    "MemoryAttachmentStore",
    "MemoryCheckpointLock",
    "MemoryKeyStore",
    "MemorySigners",
    "MemoryStore",
    "MemoryTileStore",
    "MemoryUploadStore",
]
