"""The plan of a bundle: which page has which number, what stands in its place where it is not shown, what lies beside.

Decides page numbers, slips, index and the lists of what is withheld and what lies beside. It makes no pages and knows
no file: `adapters/bundles` builds what is planned here.

A number, once given, is never given to anything else. Each exhibit has a run of numbers: one for its slip, then one for
each page. In a later edition new exhibits come after every number ever given; an exhibit that was withdrawn, withheld
or has fewer pages leaves its numbers to a slip; one that has more pages gets letters after its last number (19A, 19B).
The pages of the front (what it is, index, lists) are numbered apart, in Roman numerals, since they grow.

>>> first = build_plan([Shown("x1", "E1", "Minutes", pages=2, digest="aa")])
>>> [leaf.shown for leaf in lay_out(first)]
['1', '2', '3']
>>> later = build_plan([Shown("x2", "E2", "Letter", pages=1, digest="bb")], earlier=first)
>>> [(leaf.shown, leaf.exhibit, leaf.kind) for leaf in lay_out(later)]
[('1–3', 'x1', 'withdrawn'), ('4', 'x2', 'exhibit'), ('5', 'x2', 'page')]
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

import msgspec

from alteram.core.kernel.canonical import encode_canonical, parse_canonical
from alteram.core.kernel.errors import AlteramError, MalformedError
from alteram.core.kernel.phrases import phrase

#: What a bundle may hold, at most.
MAX_EXHIBITS: Final = 5_000
MAX_PAGES: Final = 100_000
MAX_TEXT: Final = 2_000
MAX_PLAN: Final = 16 << 20

State: TypeAlias = Literal["shown", "withheld", "withdrawn"]
#: What stands on a leaf: a slip before an exhibit, a page of it, or a slip in place of pages.
Kind: TypeAlias = Literal["exhibit", "page", "gap", "withheld", "withdrawn", "unused"]


class PlanError(AlteramError):
    """A bundle cannot be planned from this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Pages of an exhibit that are withheld, counted from 0, `until` not among them: why, and the gist of them."""

    first: int
    until: int
    reason: str
    gist: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """An exhibit that a bundle shows. `digest` is the SHA-256 of its file as it was lodged, as hex; a thing has none.

    `because` says why it differs from what an earlier edition showed under the same numbers.
    """

    exhibit: str
    label: str
    title: str
    pages: int
    digest: str
    dated_on: str = ""
    gaps: tuple[Gap, ...] = ()
    because: str = ""


@dataclass(frozen=True, slots=True)
class Withheld:
    """An exhibit that a bundle does not show: why, by which rule, and the gist of it where that can be given."""

    exhibit: str
    label: str
    title: str
    reason: str
    gist: str = ""


@dataclass(frozen=True, slots=True)
class Beside:
    """A file that lies beside a bundle: a recording, or the original of what the pages show."""

    exhibit: str
    label: str
    title: str
    file_name: str
    size: int
    digest: str
    what: Literal["original", "recording"] = "original"


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """An exhibit with its place: `first` is the number of its slip, `numbers` how many it has for ever."""

    exhibit: str
    label: str
    title: str
    first: int
    numbers: int
    pages: int
    digest: str
    since: int
    changed: int
    dated_on: str = ""
    state: State = "shown"
    gaps: tuple[Gap, ...] = ()
    reason: str = ""
    gist: str = ""

    @property
    def last(self) -> int:
        """Return the last number that it has for ever."""
        return self.first + self.numbers - 1

    @property
    def span(self) -> str:
        """Return the numbers it stands under, as an index tells them."""
        final = _number(self, max(self.pages, self.numbers - 1)) if self.state == "shown" else str(self.last)
        return str(self.first) if final == str(self.first) else f"{self.first}–{final}"


@dataclass(frozen=True, slots=True)
class Leaf:
    """One leaf of a bundle. `page` is the page of the exhibit, from 0; None for a slip.

    `label` is its number, `final` the last number it stands for.
    """

    kind: Kind
    exhibit: str
    label: str
    final: str
    page: int | None = None
    reason: str = ""
    gist: str = ""

    @property
    def shown(self) -> str:
        """Return the number or numbers as they are stamped."""
        return self.label if self.label == self.final else f"{self.label}–{self.final}"


@dataclass(frozen=True, slots=True)
class Plan:
    """A planned bundle: `edition` counts from 1; `placed` are in order of their numbers."""

    edition: int
    placed: tuple[Placed, ...]
    withheld: tuple[Withheld, ...] = ()
    beside: tuple[Beside, ...] = ()

    @property
    def last(self) -> int:
        """Return the last number ever given; 0 before any."""
        return self.placed[-1].last if self.placed else 0


def build_plan(
    shown: Sequence[Shown],
    *,
    withheld: Sequence[Withheld] = (),
    beside: Sequence[Beside] = (),
    earlier: Plan | None = None,
) -> Plan:
    """Return the plan of a bundle that shows `shown`, in this order where numbers are still to be given.

    What `earlier` placed keeps its numbers; what of it is neither shown nor withheld now is withdrawn.

    Raises: PlanError when an exhibit stands twice, has no page, or is over a limit.
    """
    _check(shown, withheld, beside)
    edition = 1 if earlier is None else earlier.edition + 1
    now, not_now = {one.exhibit: one for one in shown}, {one.exhibit: one for one in withheld}
    placed = [
        _carry(one, now.pop(one.exhibit, None), not_now.get(one.exhibit), edition)
        for one in (earlier.placed if earlier else ())
    ]
    following = placed[-1].last + 1 if placed else 1
    for one in shown:
        if one.exhibit in now:
            placed.append(_place(one, following, edition))
            following = placed[-1].last + 1
    if following - 1 > MAX_PAGES or len(placed) > MAX_EXHIBITS:
        raise PlanError(phrase("The bundle would be too long."), remedy=phrase("Make two bundles of it."))
    return Plan(edition, tuple(placed), tuple(withheld), tuple(beside))


def lay_out(plan: Plan) -> tuple[Leaf, ...]:
    """Return every numbered leaf of a bundle, in order. Every number ever given stands on exactly one of them."""
    return tuple(leaf for one in plan.placed for leaf in _lay_out(one))


def find_changes(plan: Plan) -> tuple[Placed, ...]:
    """Return what an edition after the first changed: what is new, replaced, withheld or withdrawn in it."""
    return tuple(one for one in plan.placed if one.changed == plan.edition) if plan.edition > 1 else ()


def encode_plan(plan: Plan) -> bytes:
    """Return a plan as canonical JSON, to be kept with its bundle: the next edition is planned from it."""
    return encode_canonical(msgspec.to_builtins(plan))


def parse_plan(data: bytes) -> Plan:
    """Return the plan that `encode_plan` wrote. Raises: MalformedError."""
    try:
        plan = msgspec.convert(parse_canonical(data, max_size=MAX_PLAN), Plan)
    except msgspec.ValidationError as error:
        raise MalformedError(f"Not the plan of a bundle: {error}.") from error
    following = 1
    for one in plan.placed:
        if one.first != following or one.numbers < 2 or one.pages < 1 or not 1 <= one.since <= one.changed:
            raise MalformedError("Not the plan of a bundle: its numbers do not follow one another.")
        following = one.last + 1
    if encode_plan(plan) != data or plan.edition < 1 or len({one.exhibit for one in plan.placed}) != len(plan.placed):
        raise MalformedError("Not the plan of a bundle as it is written.")
    return plan


def _place(one: Shown, first: int, edition: int) -> Placed:
    return Placed(
        exhibit=one.exhibit,
        label=one.label,
        title=one.title,
        first=first,
        numbers=one.pages + 1,
        pages=one.pages,
        digest=one.digest,
        since=edition,
        changed=edition,
        dated_on=one.dated_on,
        gaps=one.gaps,
        reason=one.because,
    )


def _carry(before: Placed, shown: Shown | None, withheld: Withheld | None, edition: int) -> Placed:
    if shown is not None:
        after = replace(_place(shown, before.first, before.since), numbers=before.numbers, since=before.since)
        same = (after.digest, after.pages, after.gaps, "shown") == (
            before.digest,
            before.pages,
            before.gaps,
            before.state,
        )
        return replace(
            after, changed=before.changed if same else edition, reason=before.reason if same else after.reason
        )
    if withheld is not None:
        after = replace(before, state="withheld", reason=withheld.reason, gist=withheld.gist, gaps=())
        same = (before.state, before.reason, before.gist) == ("withheld", after.reason, after.gist)
    else:
        after = replace(before, state="withdrawn", reason="", gist="", gaps=())
        same = before.state == "withdrawn"
    return replace(after, changed=before.changed if same else edition)


def _lay_out(one: Placed) -> Iterator[Leaf]:
    if one.state != "shown":
        yield Leaf(one.state, one.exhibit, str(one.first), str(one.last), reason=one.reason, gist=one.gist)
        return
    yield Leaf("exhibit", one.exhibit, str(one.first), str(one.first), reason=one.reason)
    following = 0
    for gap in one.gaps:
        yield from _pages(one, following, gap.first)
        label, final = _number(one, gap.first + 1), _number(one, gap.until)
        yield Leaf("gap", one.exhibit, label, final, reason=gap.reason, gist=gap.gist)
        following = gap.until
    yield from _pages(one, following, one.pages)
    if one.pages < one.numbers - 1:
        yield Leaf("unused", one.exhibit, _number(one, one.pages + 1), str(one.last))


def _pages(one: Placed, first: int, until: int) -> Iterator[Leaf]:
    for page in range(first, until):
        label = _number(one, page + 1)
        yield Leaf("page", one.exhibit, label, label, page)


def _number(one: Placed, leaf: int) -> str:
    """Return the number of a leaf of an exhibit; 0 is its slip."""
    beyond = leaf - (one.numbers - 1)
    return str(one.first + leaf) if beyond <= 0 else f"{one.last}{_letters(beyond)}"


def _letters(count: int) -> str:
    told = ""
    while count:
        count, rest = divmod(count - 1, 26)
        told = chr(ord("A") + rest) + told
    return told


def _check(shown: Sequence[Shown], withheld: Sequence[Withheld], beside: Sequence[Beside]) -> None:
    named = [*(one.exhibit for one in shown), *(one.exhibit for one in withheld)]
    if len(set(named)) != len(named):
        raise PlanError(
            phrase("An exhibit stands twice in the bundle."), remedy=phrase("Show it or withhold it, once.")
        )
    for one in shown:
        if not 1 <= one.pages <= MAX_PAGES:
            raise PlanError(
                phrase("Exhibit {label} has no page, or too many.", label=one.label),
                remedy=phrase("Put it beside the bundle."),
            )
        _check_gaps(one)
    if any(not one.reason.strip() for one in withheld):
        raise PlanError(
            phrase("Something is withheld without a reason."), remedy=phrase("Say why, with the rule that allows it.")
        )
    if any(len(text) > MAX_TEXT for text in _texts((*shown, *withheld, *beside))):
        raise PlanError(
            phrase("A text in the bundle is longer than {most} characters.", most=MAX_TEXT), remedy=phrase("Say less.")
        )


def _check_gaps(one: Shown) -> None:
    following = 0
    for gap in one.gaps:
        if not following <= gap.first < gap.until <= one.pages:
            raise PlanError(
                phrase("What is withheld of exhibit {label} is not a list of its pages in order.", label=one.label)
            )
        if not gap.reason.strip():
            raise PlanError(
                phrase("Pages of exhibit {label} are withheld without a reason.", label=one.label),
                remedy=phrase("Say why."),
            )
        following = gap.until


def _texts(items: Iterable[Shown | Withheld | Beside]) -> Iterator[str]:
    for one in items:
        yield from (one.label, one.title)
        match one:
            case Shown():
                yield from (one.because, one.dated_on, *(text for gap in one.gaps for text in (gap.reason, gap.gist)))
            case Withheld():
                yield from (one.reason, one.gist)
            case _:
                yield one.file_name
