"""Marked copies of a bundle: served, each on one person alone, and traced when one leaks.

A copy differs from every other in what it shows and in what nobody sees; how follows from the key of the bundle's file
and from the person, so that no list of marks is kept. A trace is a fact for its own charge with its own notice: it
decides nothing, and says with what chance it errs.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Final, Literal

from alteram.core.acts import BundleBuilt, CopyTraced, ExhibitDisclosed, get_spec
from alteram.core.disclosure.codes import derive_seed
from alteram.core.kernel.errors import AlteramError
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.phrases import phrase
from alteram.core.matters import Event, find_holders
from alteram.core.matters.protection import find_protected
from alteram.core.rules.exhibits import live_acts
from alteram.core.rules.handing import is_early
from alteram.operations.attachments import drop_attachments
from alteram.operations.bundle_ports import Carrying, Marking, Suspect, TracedLeak
from alteram.operations.disclosure.bundling import KeptBundle, find_bundle
from alteram.operations.disclosure.marked_recordings import mark_recordings, write_recordings
from alteram.operations.entries import Entered
from alteram.operations.exhibits.forms import read_blocks
from alteram.operations.exhibits.incoming import receive
from alteram.operations.exhibits.stored import StoredFile
from alteram.operations.perform import Performed, perform, rule_on
from alteram.operations.recording import SealedAttachment

By = Literal["page", "file", "print"]
_NAMELESS: Final[Mapping[PersonId, str]] = MappingProxyType({})
#: So many characters of a name stand on the pages of a copy.
_MOST_OF_A_NAME: Final = 80
#: The bound is of the code; that a key leaked, or a person erred, is likelier than less than this.
_ONE_IN: Final = 1_000_000_000


class TraceError(AlteramError):
    """A leak is not traced for whoever asks."""


@dataclass(frozen=True, slots=True)
class Traced:
    """What a trace came to: the people whose copies the leak comes from, in which bundle, and the chance of error."""

    leak: TracedLeak
    people: tuple[tuple[PersonId, str, float], ...]
    digest_hex: str

    @property
    def error(self) -> str:
        """Return the chance of naming any of them wrongly, in words; none is told as smaller than one in a billion."""
        worst = max((chance for _, _, chance in self.people), default=1.0)
        one_in = int(1 / worst) if worst * _ONE_IN > 1 else _ONE_IN
        return f"at most 1 in {one_in:,}" if self.people else ""

    def build_act(self, leak: int | None) -> CopyTraced:
        """Return the act that records it, beside the report of the leak if there is one."""
        return CopyTraced(
            digest=self.digest_hex,
            leak=leak,
            bundle=self.people[0][1] if self.people else None,
            outcome="found" if self.people else "cannot-tell",
            copies=tuple(dict.fromkeys(person for person, _, _ in self.people)),
            error=self.error or None,
        )


def serve_copies(
    entered: Entered,
    marking: Marking,
    bundle: str,
    people: Sequence[PersonId],
    *,
    by: By = "page",
    names: Mapping[PersonId, str] = _NAMELESS,
    now: datetime,
    count: Callable[[], None] = lambda: None,
    tell: Callable[[Carrying], None] = lambda _: None,
) -> dict[PersonId, Performed]:
    """Serve a bundle on each of these people, in a copy of their own; the first refusal stops nothing for the others.

    Respondents come first: who decides is handed a file only once they have it all.
    A copy says on every page whose it is, by the name that `names` gives unless they are protected here, and when.
    So do the recordings that come with it.
    `count` is called once the copies are marked, and for each that was served; `tell` hears how many of their pages
    carry marks that nobody sees.

    What the rules refuse is not marked, but for what they may allow once others were served.
    Raises: MarkError, StoreError, UnknownMatterError, BusyError.
    """
    kept = find_bundle(entered, bundle)
    respondents = find_holders(entered.facts.matter, "respondent")
    acts = {one: _build_act(kept, one, by) for one in sorted(people, key=lambda one: one not in respondents)}
    organisation, stream = entered.organisation, entered.stream
    ruled = {one: rule_on(organisation, stream, act, entered.person, now=now) for one, act in acts.items()}
    allowed = [one for one, ruling in ruled.items() if ruling or (by == "file" and is_early(ruling))]
    if not any(ruled.values()):
        return {one: perform(organisation, stream, act, entered.person, now=now) for one, act in acts.items()}
    with _unmarked(kept.file) as (folder, unmarked):
        shown = _tell_copies(entered, allowed, names, now)
        written = marking.mark_copies(build_suspect(kept, unmarked, allowed), shown, folder, tell=tell)
        count()
        recorded, served = write_recordings(entered, kept.plan, folder), dict[PersonId, Performed]()
        for one, act in acts.items():
            copy = name_copy(one)
            marked = mark_recordings(entered, marking, recorded, shown[copy], folder) if copy in shown else ()
            served[one] = _serve(entered, act, written.get(copy), marked, now)
            count()
        return served


def _tell_copies(
    entered: Entered, people: Iterable[PersonId], names: Mapping[PersonId, str], now: datetime
) -> dict[bytes, str]:
    """Return what the copy of each of these people says of itself: whose it is, and since when."""
    made_at = f"{entered.rulebook.calendar.shift(now):%Y-%m-%d %H:%M %Z}"
    protected = find_protected(entered.facts.matter)
    called = {one: name for one, name in names.items() if one not in protected}
    return {name_copy(one): f"Copy of {_tell_person(one, called)}, {made_at}" for one in people}


def trace_leak(entered: Entered, marking: Marking, leaked: Path, *, count: Callable[[], None] = lambda: None) -> Traced:
    """Say whose copies of bundles here a leaked file, or a folder of pictures, comes from; nothing is recorded.

    `count` is called for each bundle of `find_traceable` that was made ready to be compared, and at the end.
    It names people, so it is for who may record it. Raises: TraceError for anybody else; MarkError, StoreError.
    """
    if not may_trace(entered):
        raise TraceError(
            phrase("Your part in this matter does not let you trace a copy."), remedy=phrase("Ask the case manager.")
        )
    with TemporaryDirectory(prefix="trace-") as name:
        suspects = []
        for number, bundle in enumerate(find_traceable(entered)):
            kept, unmarked = find_bundle(entered, bundle), Path(name, f"{number}.pdf")
            _write(kept.file, unmarked)
            suspects.append(build_suspect(kept, unmarked, find_served(entered, bundle)))
            count()
        found = marking.trace(suspects, leaked) if suspects else TracedLeak((), "no-page")
        count()
        people = {name_copy(one): one for one in _find_everybody(entered)}
        named = tuple((people[copy], bundle, chance) for bundle, copy, chance in found.copies)
    return Traced(found, named, _digest(leaked))


def find_traceable(entered: Entered) -> tuple[str, ...]:
    """Return the bundles that were served: no other can have leaked as a copy, and none is laid open."""
    built = (one.act.bundle for one in live_acts(entered.facts, BundleBuilt))
    return tuple(one for one in built if find_served(entered, one))


def may_trace(entered: Entered) -> bool:
    """Return whether whoever entered may trace a leak: who may record what it comes to."""
    spec = get_spec(CopyTraced)
    rule = entered.rulebook.find_act_rule(spec.name)
    return not frozenset(spec.by if rule is None else rule.by).isdisjoint(entered.reader.roles)


def record_trace(entered: Entered, traced: Traced, *, leak: int | None = None, now: datetime) -> Performed:
    """Record what a trace came to: a fact, and never a sanction. Raises: BusyError, StoreError."""
    return perform(entered.organisation, entered.stream, traced.build_act(leak), entered.person, now=now)


def find_served(entered: Entered, bundle: str) -> tuple[PersonId, ...]:
    """Return who was served a copy of a bundle."""
    served = (one.act.to for one in live_acts(entered.facts, ExhibitDisclosed) if one.act.bundle == bundle)
    return tuple(dict.fromkeys(served))


def find_own_copies(entered: Entered) -> tuple[Event[ExhibitDisclosed], ...]:
    """Return the acts that served copies on whoever entered, the newest first."""
    given = live_acts(entered.facts, ExhibitDisclosed)
    return tuple(one for one in reversed(given) if one.act.bundle is not None and one.act.to == entered.reader.person)


def build_suspect(kept: KeptBundle, unmarked: Path, people: Iterable[PersonId] = ()) -> Suspect:
    """Return a bundle as one whose copies may have leaked; the seed of its marks follows from its file's key."""
    seed = derive_seed(kept.file.key)
    act = kept.event.act
    return Suspect(act.bundle, unmarked, act.pages, seed, tuple(name_copy(one) for one in people))


def name_copy(person: PersonId) -> bytes:
    """Return what tells a person's copy from the others."""
    return person.encode()


def _tell_person(person: PersonId, names: Mapping[PersonId, str]) -> str:
    name = names.get(person, "")[:_MOST_OF_A_NAME]
    return f"{name} ({person})" if name else person


def _build_act(kept: KeptBundle, person: PersonId, by: By) -> ExhibitDisclosed:
    return ExhibitDisclosed(exhibits=kept.event.act.exhibits, to=person, bundle=kept.event.act.bundle, by=by)


def _serve(
    entered: Entered, act: ExhibitDisclosed, copy: Path | None, marked: Sequence[SealedAttachment], now: datetime
) -> Performed:
    organisation, stream = entered.organisation, entered.stream
    if copy is None:
        return perform(organisation, stream, act, entered.person, now=now)
    received = receive(organisation, stream, read_blocks(copy))
    whole = ExhibitDisclosed(exhibits=act.exhibits, to=act.to, digest=received.digest_hex, bundle=act.bundle, by=act.by)
    kept = (received.sealed, *marked)
    done = perform(organisation, stream, whole, entered.person, attachments=kept, now=now)
    if not done:
        drop_attachments(organisation, stream, kept)
    return done


@contextmanager
def _unmarked(file: StoredFile) -> Iterator[tuple[Path, Path]]:
    """Lend a folder with the unmarked bundle in it; all of it is deleted afterwards."""
    with TemporaryDirectory(prefix="copies-") as name:
        unmarked = Path(name, "unmarked.pdf")
        _write(file, unmarked)
        yield Path(name), unmarked


def _write(file: StoredFile, target: Path) -> None:
    with target.open("xb") as out:
        for block in file.read():
            out.write(block)


def _find_everybody(entered: Entered) -> Iterator[PersonId]:
    for event in live_acts(entered.facts, BundleBuilt):
        yield from find_served(entered, event.act.bundle)


def _digest(leaked: Path) -> str:
    """Return the SHA-256 of a leaked file; of a folder, of its files one behind the other by name."""
    files = sorted(one for one in leaked.iterdir() if one.is_file()) if leaked.is_dir() else [leaked]
    digest = sha256()
    for file in files:
        for block in read_blocks(file):
            digest.update(block)
    return digest.hexdigest()
