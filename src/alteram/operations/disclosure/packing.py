"""A copy of a bundle with what lies beside it, in a zip that is made as it is sent: one's own, or one to hand over."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from alteram.core.acts import ExhibitDisclosed
from alteram.core.disclosure.bundles import Beside
from alteram.core.kernel.outcomes import Refused
from alteram.core.kernel.phrases import phrase
from alteram.core.matters import Event
from alteram.core.rules.exhibits import live_acts
from alteram.core.vault import AgeSealer
from alteram.operations.attachments import open_attachment
from alteram.operations.bundle_ports import Bundles
from alteram.operations.disclosure.bundling import find_bundle
from alteram.operations.disclosure.handing import find_closing
from alteram.operations.disclosure.marked_recordings import find_marked
from alteram.operations.disclosure.telling import get_own_copy, handles
from alteram.operations.entries import Entered
from alteram.operations.exhibits.opening import OpenedExhibit, open_exhibit
from alteram.operations.questions import UnknownMatterError


def pack_own_copy(entered: Entered, bundles: Bundles, seq: int, *, now: datetime) -> Iterator[bytes]:
    """Return the zip of the copy that an entry served on whoever entered: marked as theirs, and what lies beside it.

    Recordings are marked as theirs too, where they could be. That they open each file is kept before anything is sent.
    What was closed to them since is left out.
    Raises: UnknownMatterError where no such copy is theirs; BusyError, StoreError; while it is sent, BundleError,
    StoreError: what came by then is no zip.
    """
    return _pack(entered, bundles, get_own_copy(entered, seq), now)


def pack_served_copy(entered: Entered, bundles: Bundles, seq: int, *, now: datetime) -> Iterator[bytes] | Refused:
    """Return the zip of the copy that an entry served on somebody else, for who handles the matter to hand it over.

    Where it may not be handed over, or not yet, return why. Raises: as `pack_own_copy` does; UnknownMatterError too
    for who does not handle the matter.
    """
    event = get_served_copy(entered, seq)
    closed = find_closing(entered, event)
    return _pack(entered, bundles, event, now) if closed is None else closed


def get_served_copy(entered: Entered, seq: int) -> Event[ExhibitDisclosed]:
    """Return the act that served a copy of a bundle on anybody. Raises: UnknownMatterError, as `pack_served_copy`."""
    served = (one for one in live_acts(entered.facts, ExhibitDisclosed) if one.seq == seq and one.act.bundle)
    event = next(served, None)
    if event is None or not handles(entered):
        raise UnknownMatterError(
            phrase("There is no such copy, or it is not open to you."), remedy=phrase("Ask the case manager.")
        )
    return event


def seal_served_copy(
    entered: Entered, bundles: Bundles, seq: int, recipient: bytes, *, now: datetime
) -> Iterator[bytes] | Refused:
    """Return the zip of `pack_served_copy` as an age file, sealed to one recipient (32 bytes), or why not.

    Raises: as `pack_served_copy` does; VaultError for a recipient that nobody's identity belongs to.
    """
    sealer = AgeSealer([recipient], entered.organisation.ports.entropy)
    packed = pack_served_copy(entered, bundles, seq, now=now)
    return packed if isinstance(packed, Refused) else _seal(packed, sealer)


def _seal(content: Iterator[bytes], sealer: AgeSealer) -> Iterator[bytes]:
    for block in content:
        yield sealer.seal(block)
    yield sealer.finish()


def _pack(entered: Entered, bundles: Bundles, event: Event[ExhibitDisclosed], now: datetime) -> Iterator[bytes]:
    plan = find_bundle(entered, event.act.bundle or "").plan
    copy = open_attachment(entered.organisation, entered.stream, event.seq, 0, entered.person)
    marked = find_marked(entered, event.seq, plan)
    beside, content = [], {}
    for one in plan.beside:
        opened = _open(entered, one, now)
        if opened is None:
            continue
        own = marked.get(one.digest)
        line = one if own is None else own.beside
        beside.append(line)
        content[line.digest] = opened.read() if own is None else own.file.read()
    return bundles.pack(replace(plan, beside=tuple(beside)), copy.content, content)


def _open(entered: Entered, one: Beside, now: datetime) -> OpenedExhibit | None:
    opened = open_exhibit(entered, one.exhibit, now=now)
    return None if isinstance(opened, Refused) else opened
