"""One's own copy of a bundle with what lies beside it, in a zip that is made as it is sent."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from alteram.core.disclosure.bundles import Beside
from alteram.core.kernel.outcomes import Refused
from alteram.operations.attachments import open_attachment
from alteram.operations.bundle_ports import Bundles
from alteram.operations.disclosure.bundling import find_bundle
from alteram.operations.disclosure.marked_recordings import find_marked
from alteram.operations.disclosure.telling import get_own_copy
from alteram.operations.entries import Entered
from alteram.operations.exhibits.opening import OpenedExhibit, open_exhibit


def pack_own_copy(entered: Entered, bundles: Bundles, seq: int, *, now: datetime) -> Iterator[bytes]:
    """Return the zip of the copy that an entry served on whoever entered: marked as theirs, and what lies beside it.

    Recordings are marked as theirs too, where they could be. That they open each file is kept before anything is sent.
    What was closed to them since is left out.
    Raises: UnknownMatterError where no such copy is theirs; BusyError, StoreError; while it is sent, BundleError,
    StoreError: what came by then is no zip.
    """
    act = get_own_copy(entered, seq).act
    plan = find_bundle(entered, act.bundle or "").plan
    copy = open_attachment(entered.organisation, entered.stream, seq, 0, entered.person)
    marked = find_marked(entered, seq, plan)
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
