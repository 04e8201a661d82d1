"""Building a bundle: its exhibits, what is withheld and why, and the page numbers that an earlier one gave.

What people may not be given is not in it: an exhibit withheld from one of them stands in the list with its reason and
gist, and one in quarantine is left out. The unmarked file is kept with the act, sealed, with the plan it was built by.
"""

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from tempfile import TemporaryFile
from typing import BinaryIO, Final, cast

from alteram.core.access import find_given
from alteram.core.acts import BundleBuilt, ExhibitDerived, ExhibitWithheld, get_spec
from alteram.core.disclosure.bundles import Plan, Withheld, build_plan, encode_plan, parse_plan
from alteram.core.disclosure.equality import ExhibitRow, build_equality
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.phrases import phrase
from alteram.core.matters import Event
from alteram.core.rules.exhibits import find_unchecked, live_acts
from alteram.operations.attachments import drop_attachments
from alteram.operations.bundle_ports import BuiltBundle, Bundles, Cover, PageMaking
from alteram.operations.disclosure.sources import build_source, read_title
from alteram.operations.entries import Entered, find_entries
from alteram.operations.exhibits.incoming import receive, seal_small
from alteram.operations.exhibits.stored import StoredFile, get_stored, open_files
from alteram.operations.perform import Performed, perform
from alteram.operations.questions import UnknownMatterError

_BLOCK: Final = 1 << 20
#: How long the title of a bundle may be, in characters.
MAX_TITLE: Final = 200
#: The files of the entry that built a bundle, in their order.
_UNMARKED, _PLAN = 0, 1


@dataclass(frozen=True, slots=True)
class BundleTools:
    """What builds bundles."""

    bundles: Bundles
    making: PageMaking


@dataclass(frozen=True, slots=True)
class Draft:
    """A bundle that was planned and built, not yet recorded. `plan` is of this edition."""

    act: BundleBuilt
    plan: Plan
    built: BuiltBundle


@dataclass(frozen=True, slots=True)
class KeptBundle:
    """A bundle that was recorded: the act, its unmarked file, and its plan."""

    event: Event[BundleBuilt]
    file: StoredFile
    plan: Plan


def find_bundle(entered: Entered, name: str) -> KeptBundle:
    """Return a bundle that was built here. It asks nobody's permission: whoever calls has.

    Raises: UnknownMatterError where there is none; StoreError, VaultError.
    """
    event = next((one for one in live_acts(entered.facts, BundleBuilt) if one.act.bundle == name), None)
    if event is None:
        raise UnknownMatterError(
            phrase("There is no such bundle, or it is not open to you."), remedy=phrase("Ask the case manager.")
        )
    files = open_files(entered.organisation, entered.stream, event.seq)[2]
    return KeptBundle(event, files[_UNMARKED], parse_plan(b"".join(files[_PLAN].read())))


def find_latest(entered: Entered, people: Iterable[PersonId]) -> str | None:
    """Return the newest bundle of just these people, which the next one follows."""
    wanted = set(people)
    return next(
        (
            one.act.bundle
            for one in reversed(live_acts(entered.facts, BundleBuilt))
            if set(one.act.for_people) == wanted
        ),
        None,
    )


def find_choice(entered: Entered) -> tuple[ExhibitRow, ...]:
    """Return the exhibits that a bundle can hold: what is checked, and in no quarantine."""
    unchecked = find_unchecked(entered.facts)
    rows = build_equality(entered.facts, entered.rulebook)
    return tuple(one for one in rows if one.exhibit not in unchecked and not one.quarantined)


def build_bundle(
    entered: Entered,
    tools: BundleTools,
    people: Sequence[PersonId],
    *,
    name: str,
    exhibits: Sequence[str] = (),
    title: str = "",
    now: datetime,
) -> Performed:
    """Build a bundle for these people and record it; without `exhibits`, of all that may go into it.

    The rules say whether it may be: a refusal is in what was performed. Raises: BundleError, PlanError, StoreError.
    """
    follows = find_latest(entered, people)
    earlier = None if follows is None else find_bundle(entered, follows).plan
    with ExitStack() as stack:
        out = cast("BinaryIO", stack.enter_context(TemporaryFile()))
        draft = _build(entered, tools, people, stack, out, name=name, exhibits=exhibits, title=title,
                       follows=follows, earlier=earlier, now=now)  # fmt: skip
        out.seek(0)
        received = receive(entered.organisation, entered.stream, iter(lambda: out.read(_BLOCK), b""))
    kept = (received.sealed, seal_small(entered.organisation, entered.stream, encode_plan(draft.plan)))
    done = perform(entered.organisation, entered.stream, draft.act, entered.person, attachments=kept, now=now)
    if not done:
        drop_attachments(entered.organisation, entered.stream, kept)
    return done


def _build(
    entered: Entered,
    tools: BundleTools,
    people: Sequence[PersonId],
    stack: ExitStack,
    out: BinaryIO,
    *,
    name: str,
    exhibits: Sequence[str],
    title: str,
    follows: str | None,
    earlier: Plan | None,
    now: datetime,
) -> Draft:
    rows = [one for one in find_choice(entered) if not exhibits or one.exhibit in exhibits]
    withheld = {one.exhibit: one for one in _find_withheld(entered, rows, people)}
    sources = [
        build_source(row, get_stored(entered.organisation, entered.stream, entered.facts, row.exhibit), tools.making,
                     stack, dated_at=now)
        for row in rows
        if row.exhibit not in withheld and not _stands_for_withheld(row, withheld)
    ]  # fmt: skip
    plan = build_plan(
        [one.shown for one in sources],
        withheld=tuple(withheld.values()),
        beside=[one.beside for one in sources if one.beside is not None],
        earlier=earlier,
    )
    cover = Cover(
        title=title or phrase("Evidence"),
        organisation=entered.organisation.ports.organisation,
        matter=entered.stream,
        recipient=", ".join(people),
        entry=phrase("entry {seq}", seq=entered.facts.matter.head_seq + 1),
        made_at=now,
    )
    built = tools.bundles.build(plan, cover, {one.shown.exhibit: one.pdf for one in sources}, out)
    act = BundleBuilt(
        bundle=name,
        for_people=tuple(people),
        exhibits=tuple(one.shown.exhibit for one in sources),
        withheld=tuple(withheld),
        pages=built.pages,
        digest=built.digest,
        follows=follows,
    )
    return Draft(act, plan, built)


def _stands_for_withheld(row: ExhibitRow, withheld: dict[str, Withheld]) -> bool:
    """Return whether this was made of something withheld, as a transcript is; a redaction may go in its place."""
    act = row.lodged.act
    return isinstance(act, ExhibitDerived) and act.how != "redaction" and act.of in withheld


def _find_withheld(entered: Entered, rows: Iterable[ExhibitRow], people: Iterable[PersonId]) -> Iterable[Withheld]:
    """Yield what is withheld from one of these people now, with the reason and the gist that were recorded."""
    acts = [one for one in live_acts(entered.facts, ExhibitWithheld) if one.act.person in set(people)]
    for row in rows:
        last = next((one for one in reversed(acts) if one.act.exhibit == row.exhibit), None)
        if last is None:
            continue
        given = find_given(entered.facts, row.exhibit, last.act.person)
        if given is not None and not given.gist and given.seq > last.seq:
            continue  # it was given after all
        claims = find_entries(entered, {last.seq})[last.seq].claims
        stored = get_stored(entered.organisation, entered.stream, entered.facts, row.exhibit)
        reason, gist = (claims.get(f"act.{field}") for field in ("reasons", "gist"))
        yield Withheld(
            row.exhibit,
            f"E{row.number}",
            read_title(stored) or row.exhibit,
            reason=str(reason or get_spec(ExhibitWithheld).help),
            gist=str(gist or ""),
        )
