"""Keys, the checkpoint lock, the public log and attachments as files, each apart from the record they guard."""

from alteram.adapters.files.attachments import FileAttachmentStore
from alteram.adapters.files.keys import FileKeyStore, FileSigners, read_root_key
from alteram.adapters.files.lock import FileCheckpointLock
from alteram.adapters.files.tiles import FileTileStore
from alteram.adapters.files.uploads import FileUploadStore

__all__ = [
    "FileAttachmentStore",
    "FileCheckpointLock",
    "FileKeyStore",
    "FileSigners",
    "FileTileStore",
    "FileUploadStore",
    "read_root_key",
]
