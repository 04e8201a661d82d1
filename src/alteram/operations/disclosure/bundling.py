"""Building a bundle: its exhibits, what is withheld and why, and the page numbers that an earlier one gave.

What people may not be given is not in it: an exhibit withheld from one of them stands in the list with its reason and
gist, and one in quarantine is left out. The unmarked file is kept with the act, sealed, with the plan it was built by.
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from tempfile import TemporaryFile
from typing import BinaryIO, Final, cast

from alteram.core.access import find_given, find_made_of
from alteram.core.acts import BundleBuilt, ExhibitDerived, ExhibitWithheld, get_spec
from alteram.core.disclosure.bundles import MAX_TEXT, Plan, Withheld, build_plan, encode_plan, parse_plan
from alteram.core.disclosure.equality import ExhibitRow, build_equality
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.outcomes import Refused
from alteram.core.kernel.phrases import phrase
from alteram.core.matters import Event
from alteram.core.rules.bundles import find_latest_bundle
from alteram.core.rules.exhibits import find_lodging, find_unchecked, live_acts
from alteram.operations.attachments import drop_attachments
from alteram.operations.attempts import keep_attempt
from alteram.operations.bundle_ports import BuiltBundle, Bundles, Cover, PageMaking
from alteram.operations.disclosure.sources import build_source, read_title
from alteram.operations.entries import Entered, find_entries
from alteram.operations.exhibits.incoming import receive, seal_small
from alteram.operations.exhibits.stored import StoredExhibit, StoredFile, get_stored, open_files
from alteram.operations.perform import Performed, perform, rule_on
from alteram.operations.questions import UnknownMatterError

_BLOCK: Final = 1 << 20
#: How many digits a digest has, as hexadecimal.
DIGEST_DIGITS: Final = 64
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


def find_choice(entered: Entered) -> tuple[ExhibitRow, ...]:
    """Return the exhibits that a bundle can hold: what is checked, and in no quarantine."""
    unchecked = find_unchecked(entered.facts)
    rows = build_equality(entered.facts, entered.rulebook)
    return tuple(one for one in rows if one.exhibit not in unchecked and not one.quarantined)


def find_redacted(entered: Entered) -> frozenset[str]:
    """Return what a redaction was made of, checked or not, and what else shows it: it is given only if asked for."""
    covered = {one.act.of for one in live_acts(entered.facts, ExhibitDerived) if one.act.how == "redaction"}
    choice = (row.exhibit for row in find_choice(entered))
    return frozenset(one for one in choice if not covered.isdisjoint((one, *find_made_of(entered.facts, one))))


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

    Even so, what was redacted is not in it: somebody made the redaction to be given in its place.
    Whatever is withheld from one of these people is told of in it, asked for or not. The rules say whether it may be:
    a refusal is in what was performed. Raises: BundleError, PlanError, StoreError.
    """
    follows = find_latest_bundle(entered.facts, people)
    asked = _draft(name, people, exhibits, follows)
    ruling = rule_on(entered.organisation, entered.stream, asked, entered.person, now=now)
    if isinstance(ruling, Refused):
        keep_attempt(entered.organisation, entered.stream, asked, entered.person, ruling, now=now)
        return Performed(ruling)
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


def _draft(name: str, people: Sequence[PersonId], exhibits: Sequence[str], follows: str | None) -> BundleBuilt:
    """Return what is asked for as an act: what cannot go into a bundle is refused, and never left out in silence."""
    return BundleBuilt(
        bundle=name,
        for_people=tuple(people),
        exhibits=tuple(exhibits),
        follows=follows,
        pages=0,
        digest="0" * DIGEST_DIGITS,
    )


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
    redacted = find_redacted(entered)
    rows = [
        one for one in find_choice(entered) if (one.exhibit in exhibits if exhibits else one.exhibit not in redacted)
    ]
    calendar = entered.rulebook.calendar
    withheld = {one.exhibit: one for one in _find_withheld(entered, people)}
    sources = [
        build_source(row, _get_stored(entered, row.exhibit), tools.making, stack,
                     day=calendar.local_day(row.lodged.recorded_at), whole=_find_whole(entered, row))
        for row in rows
        if withheld.keys().isdisjoint((row.exhibit, *find_made_of(entered.facts, row.exhibit)))
    ]  # fmt: skip
    plan = build_plan(
        [one.shown for one in sources],
        withheld=tuple(withheld.values()),
        beside=[
            replace(one.beside, file_name=one.beside.file_name[-MAX_TITLE:])
            for one in sources
            if one.beside is not None
        ],
        earlier=earlier,
    )
    cover = Cover(
        title=title or phrase("Evidence"),
        organisation=entered.organisation.title,
        matter=entered.stream,
        recipient=", ".join(people),
        known_as=name,
        made_at=calendar.shift(now),
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


def _get_stored(entered: Entered, exhibit: str) -> StoredExhibit:
    return get_stored(entered.organisation, entered.stream, entered.facts, exhibit)


def _find_whole(entered: Entered, row: ExhibitRow) -> StoredExhibit | None:
    """Return what an excerpt was cut from, where that is still there; None of anything else."""
    act = row.lodged.act
    if not isinstance(act, ExhibitDerived) or act.how != "excerpt" or find_lodging(entered.facts, act.of) is None:
        return None
    return _get_stored(entered, act.of)


def _find_withheld(entered: Entered, people: Sequence[PersonId]) -> Iterator[Withheld]:
    """Yield what is withheld from one of these people now, with the reason and the gist that were recorded."""
    for row in build_equality(entered.facts, entered.rulebook):
        last = _find_withholding(entered, row.exhibit, people)
        if last is None:
            continue
        claims = find_entries(entered, {last.seq})[last.seq].claims
        stored = _get_stored(entered, row.exhibit)
        reason, gist = (claims.get(f"act.{field}") for field in ("reasons", "gist"))
        yield Withheld(
            row.exhibit,
            f"E{row.number}",
            read_title(stored) or row.exhibit,
            reason=_shorten(str(reason or get_spec(ExhibitWithheld).help)),
            gist=_shorten(str(gist or "")),
        )


def _find_withholding(entered: Entered, exhibit: str, people: Sequence[PersonId]) -> Event[ExhibitWithheld] | None:
    """Return the last act that withholds an exhibit from one of these people still, whatever the others were given."""
    acts = {one.act.person: one for one in live_acts(entered.facts, ExhibitWithheld) if one.act.exhibit == exhibit}
    still = []
    for person in acts.keys() & set(people):
        given = find_given(entered.facts, exhibit, person)
        if given is None or given.gist or given.seq < acts[person].seq:
            still.append(acts[person])
    return max(still, key=lambda one: one.seq, default=None)


def _shorten(text: str) -> str:
    """Return a text as long as a bundle tells one; the whole of it stands in the entry."""
    return text if len(text) <= MAX_TEXT else f"{text[: MAX_TEXT - 1]}…"
