"""Acts on paper: what a party can do, the papers that came, and entering one so that both acts stand or neither.

The record then says: this person entered a paper of that party, with the digest of its picture; and, as the very next
entry, the party's act. One without the other is never stored (docs/adr: on paper).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from alteram.core.access import build_reader, find_visible_fields
from alteram.core.acts import AdjustmentGranted, PaperEntered, PaperServed, ProxyNamed, all_specs, get_spec
from alteram.core.acts.catalogue import ActSpec, Role
from alteram.core.acts.fields import Act
from alteram.core.kernel.errors import AlteramError
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.core.kernel.outcomes import Refused
from alteram.core.matters import AnyEvent, Facts
from alteram.core.rules.capacities import find_roles
from alteram.core.rules.paper import GIVES_UP, ON_PAPER
from alteram.operations.organisation import Organisation
from alteram.operations.perform import BusyError, Performed, perform_as_read
from alteram.operations.ports import StaleReadError
from alteram.operations.questions import UnknownMatterError
from alteram.operations.recording import Proposal, SealedAttachment

_TRIES: Final = 8
_ENTER: Final = "paper.entered"
_NEVER: Final = frozenset({"paper.served", _ENTER, "report.lodged", "history.entered"})


@dataclass(frozen=True, slots=True)
class PaperForm:
    """An act that can be done on paper: who may do it here, and whether a second person must see it entered."""

    spec: ActSpec
    by: tuple[Role, ...]
    gives_up: bool


@dataclass(frozen=True, slots=True)
class EnteredPaper:
    """A paper that was entered; `is_followed` says whether the act that it does stands as the very next entry.

    Where it does not, the entry says only that somebody entered it: no act is anybody's for that.
    """

    event: AnyEvent
    is_followed: bool


@dataclass(frozen=True, slots=True)
class PaperDesk:
    """Paper in a matter, for one reader: forms to print, people who can hand them in, and what was done for them."""

    forms: tuple[PaperForm, ...]
    may_enter: bool
    people: tuple[tuple[PersonId, tuple[Role, ...]], ...]
    entered: tuple[EnteredPaper, ...]
    served: tuple[AnyEvent, ...]
    proxies: tuple[AnyEvent, ...]
    adjustments: tuple[AnyEvent, ...]


class PaperError(AlteramError):
    """A paper cannot be entered as it was asked."""


def find_paper(organisation: Organisation, stream: StreamId, viewer: PersonId) -> PaperDesk:
    """Return what `viewer` may know of paper in a matter. Raises: UnknownMatterError, also where it is not open."""
    facts, rulebook = organisation.facts(stream, fresh=True), organisation.governing(stream)
    reader = build_reader(facts, rulebook, viewer)
    if facts.matter.head_seq < 0 or not reader.has_part:
        raise UnknownMatterError("There is no such matter, or it is not open to you.", remedy="Ask the secretary.")
    forms = []
    for spec in all_specs():
        rule = rulebook.find_act_rule(spec.name)
        by = spec.by if rule is None else rule.by
        if spec.stream == "matter" and spec.name not in _NEVER and not (ON_PAPER | {"anyone"}).isdisjoint(by):
            forms.append(PaperForm(spec, by, spec.name in GIVES_UP))

    def shown(kind: type[Act]) -> tuple[AnyEvent, ...]:
        if "fields" not in find_visible_fields(get_spec(kind), reader.roles):
            return ()
        named = (
            (one, getattr(one.act, "person", None) or getattr(one.act, "to", None)) for one in facts.matter.all(kind)
        )
        return tuple(one for one, person in named if one.live and person not in reader.unknown)

    rule = rulebook.find_act_rule(_ENTER)
    entitled = get_spec(PaperEntered).by if rule is None else rule.by
    holders = sorted({one.person for one in facts.holdings if one.until is None} - reader.unknown - {viewer})
    parts = [(one, tuple(role for role in find_roles(facts, rulebook, one) if role in ON_PAPER)) for one in holders]
    return PaperDesk(
        forms=tuple(forms),
        may_enter=not frozenset(entitled).isdisjoint(reader.roles),
        people=tuple((one, roles) for one, roles in parts if roles),
        entered=tuple(EnteredPaper(one, _is_followed(facts, one)) for one in shown(PaperEntered)),
        served=shown(PaperServed),
        proxies=shown(ProxyNamed),
        adjustments=shown(AdjustmentGranted),
    )


def _is_followed(facts: Facts, entered: AnyEvent) -> bool:
    paper, act = entered.act, facts.matter.find(entered.seq + 1)
    if act is None or not act.live or not isinstance(paper, PaperEntered):
        return False
    theirs = act.actor == paper.person and get_spec(type(act.act)).name == paper.what
    return theirs and act.recorded_at == entered.recorded_at


def enter_paper(
    organisation: Organisation,
    stream: StreamId,
    paper: PaperEntered,
    act: Act,
    entered_by: PersonId,
    *,
    attachments: tuple[SealedAttachment, ...] = (),
    now: datetime | None = None,
) -> Performed:
    """Record that a paper was entered, and as the next entry the act that it does, by the party; or neither.

    Each is ruled on: the paper as an act of `entered_by`, the act as one of the party. `attachments` are the picture of
    the paper. Raises: PaperError where the paper names another act, BusyError, StoreError, MalformedError.
    """
    if get_spec(type(act)).name != paper.what:
        raise PaperError("The paper does another act than the one entered.", remedy="Choose the form again.")
    proposals = (
        Proposal(stream, paper, entered_by, attachments=attachments),
        Proposal(stream, act, paper.person),
    )
    for _ in range(_TRIES):
        organisation.facts(stream, fresh=True)
        try:
            done = list(perform_as_read(organisation, proposals, now=now))
        except StaleReadError:
            continue
        refused = next((one for one in done if isinstance(one.ruling, Refused)), None)
        return done[-1] if refused is None else refused
    raise BusyError("Others are writing to this matter at the same time.", remedy="Try again in a moment.")
