"""Between which times the entries of a matter were recorded, as the checkpoints kept here show it (R7.9).

The same bounds as an export proves to outsiders: from below by the checkpoint that an entry says it has seen, from
above by the smallest that holds it, witnessed if any is. Signatures are verified again; what does not verify bounds
nothing.
"""

from collections.abc import Iterable, Iterator

from alteram.core.kernel.canonical import Json
from alteram.core.kernel.identifiers import StreamId
from alteram.core.record.bounds import Bound, DatedCheckpoint, TimeBounds, date_checkpoint
from alteram.core.tlog import Note, TlogError, parse_checkpoint, parse_note_unverified
from alteram.core.tlog.policy import verify_log_note
from alteram.core.vault import encode_base64url
from alteram.operations.organisation import Organisation
from alteram.operations.ports import Ports
from alteram.operations.questions import TimelineEntry


def find_time_bounds(
    organisation: Organisation, stream: StreamId, entries: Iterable[TimelineEntry]
) -> dict[int, TimeBounds]:
    """Return the bounds of each of these entries that is in the published log, by its number.

    What an entry has seen is told to whoever may see that claim of it; to others it is bounded from above only.
    """
    ports, size = organisation.ports, find_published_size(organisation)
    kept, found = KeptCheckpoints(ports), {}
    for entry in entries:
        index = ports.store.find_index(ports.organisation, stream, entry.seq)
        if index is not None and index < size:
            cover = kept.find_cover(index, size)
            last = None if cover is None else cover.last
            found[entry.seq] = TimeBounds(kept.find_first(entry.claims.get("seen")), last)
    return found


def find_published_size(organisation: Organisation) -> int:
    """Return how many leaves the published log has; a checkpoint may be kept before it is published."""
    published = organisation.ports.tiles.find_checkpoint()
    return 0 if published is None else parse_checkpoint(parse_note_unverified(published).text).size


class KeptCheckpoints:
    """The checkpoints kept here that bound something, each verified once: entries that came together share them."""

    def __init__(self, ports: Ports) -> None:
        """Begin with none looked at."""
        self._ports = ports
        self._known: dict[int, DatedCheckpoint | None] = {}

    def find_first(self, seen: Json) -> Bound | None:
        """Return the time of the checkpoint that an entry says it has seen, where it is one of this log."""
        match seen:
            # The head of an empty log bounds nothing: everybody has always known it.
            case {"origin": self._ports.origin, "size": int() as size, "root": str() as root} if size > 0:
                note = self._ports.store.checkpoint_at(self._ports.organisation, self._ports.origin, size)
                found = None if note is None else self._date(note)
                return None if found is None or encode_base64url(found.root) != root else found.first
            case _:
                return None

    def find_cover(self, index: int, size: int) -> DatedCheckpoint | None:
        """Return the checkpoint that bounds the leaf at `index` from above, of those up to a size.

        It is the smallest that holds the leaf and that witnesses cosigned, if there is any, else the smallest.
        """
        for note in self._covers(index):
            found = self._date(note)
            if found is not None and found.size <= size and found.last is not None:
                return found
        return None

    def _covers(self, index: int) -> Iterator[Note]:
        for witnessed in (True, False):
            note = self._ports.store.first_checkpoint_covering(
                self._ports.organisation, self._ports.origin, index, witnessed=witnessed
            )
            if note is not None:
                yield note

    def _date(self, note: Note) -> DatedCheckpoint | None:
        """Return a checkpoint with its times; None where this log did not sign it, or a signature is wrong."""
        checkpoint = parse_checkpoint(note.text)
        if checkpoint.size not in self._known:
            try:
                signatures = verify_log_note(note, self._ports.policy, self._ports.origin)
            except TlogError:
                self._known[checkpoint.size] = None
            else:
                self._known[checkpoint.size] = date_checkpoint(checkpoint, signatures, self._ports.policy)
        return self._known[checkpoint.size]
