"""The one place that chooses adapters: an organisation's folder, or its database, made, opened, given a new log."""

from alteram.bootstrap.folder import FolderError, NoWitnesses, Opened, create, open_folder, read_clock
from alteram.bootstrap.succession import succeed_log

__all__ = ["FolderError", "NoWitnesses", "Opened", "create", "open_folder", "read_clock", "succeed_log"]
