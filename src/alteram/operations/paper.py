"""Acts on paper: what a party can do, the papers that came, and entering one so that both acts stand or neither.

The record then says: this person entered a paper of that party, with the digest of its picture; and, as the very next
entry, the party's act. One without the other is never stored (docs/adr: on paper). The act is signed by no key that is
the party's; the party, or a second person, can confirm that it is what the paper says.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from alteram.core.access import Reader, build_reader, find_visible_fields
from alteram.core.acts import (
    AdjustmentGranted,
    PaperConfirmed,
    PaperEntered,
    PaperReportEntered,
    PaperServed,
    ProxyNamed,
    all_specs,
    find_spec,
    get_spec,
)
from alteram.core.acts.catalogue import ActSpec, Role
from alteram.core.acts.fields import Act
from alteram.core.kernel.errors import AlteramError
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.core.kernel.outcomes import Refused
from alteram.core.kernel.phrases import phrase
from alteram.core.matters import AnyEvent, Facts, build_live_event
from alteram.core.rules import Rulebook
from alteram.core.rules.capacities import find_roles
from alteram.core.rules.identities import find_borne
from alteram.core.rules.paper import GIVES_UP, NEVER, ON_PAPER, find_paper_refusal, find_writer, holds_key_alone
from alteram.operations.attempts import keep_attempt
from alteram.operations.entries import Entered, enter
from alteram.operations.organisation import Organisation
from alteram.operations.perform import TRIES, BusyError, Performed, perform_as_read
from alteram.operations.ports import StaleReadError
from alteram.operations.recording import Proposal, SealedAttachment

_ENTER: Final = "paper.entered"
#: Who may confirm a paper has it in front of them already; nobody confirms a paper by paper.
_NO_FORM: Final = NEVER | {"paper.confirmed"}


@dataclass(frozen=True, slots=True)
class PaperForm:
    """An act that can be done on paper: who may do it here, and whether a second person must see it entered."""

    spec: ActSpec
    by: tuple[Role, ...]
    gives_up: bool


@dataclass(frozen=True, slots=True)
class EnteredPaper:
    """A paper that was entered: whose, which act it does, and the entry of that act (None where it has none).

    A paper of former times may have none: then the entry says only that somebody entered it, and no act is anybody's
    for that. `said` are those who confirmed it or denied it, each with their last word; `may_confirm` asks the reader.
    """

    event: AnyEvent
    person: PersonId | None
    what: str
    act: int | None
    said: tuple[AnyEvent, ...] = ()
    may_confirm: bool = False

    @property
    def is_followed(self) -> bool:
        """Return whether something was done by it."""
        return self.act is not None

    @property
    def is_confirmed(self) -> bool:
        """Return whether somebody confirmed it, and nobody says that it is not what the paper says."""
        return bool(self.said) and all(getattr(one.act, "agrees", False) for one in self.said)

    @property
    def is_denied(self) -> bool:
        """Return whether somebody says that it is not what the paper says."""
        return any(not getattr(one.act, "agrees", True) for one in self.said)


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
    alone: frozenset[PersonId] = frozenset()
    """Those of `people` who alone hold the key that signs for them: a second person must have seen their paper."""


class PaperError(AlteramError):
    """A paper cannot be entered as it was asked."""


def find_paper(organisation: Organisation, stream: StreamId, viewer: PersonId) -> PaperDesk:
    """Return what `viewer` may know of paper in a matter. Raises: UnknownMatterError, also where it is not open."""
    entered = enter(organisation, stream, viewer)
    facts, rulebook, reader = entered.facts, entered.rulebook, entered.reader
    forms = []
    for spec in all_specs():
        rule = rulebook.find_act_rule(spec.name)
        by = spec.by if rule is None else rule.by
        if spec.stream == "matter" and spec.name not in _NO_FORM and not (ON_PAPER | {"anyone"}).isdisjoint(by):
            forms.append(PaperForm(spec, by, spec.name in GIVES_UP))

    def shown(kind: type[Act]) -> tuple[AnyEvent, ...]:
        is_open = "fields" in find_visible_fields(get_spec(kind), reader.roles)
        found = (one for one in facts.matter.all(kind) if one.live and _may_know(facts, reader, one))
        return tuple(one for one in found if is_open or find_writer(facts, one) == viewer)

    rule = rulebook.find_act_rule(_ENTER)
    entitled = get_spec(PaperEntered).by if rule is None else rule.by
    holders = sorted({one.person for one in facts.holdings if one.until is None} - reader.unknown - {viewer})
    parts = [(one, tuple(role for role in find_roles(facts, rulebook, one) if role in ON_PAPER)) for one in holders]
    return PaperDesk(
        forms=tuple(forms),
        may_enter=not frozenset(entitled).isdisjoint(reader.roles),
        people=tuple((one, roles) for one, roles in parts if roles),
        entered=tuple(
            _tell_paper(facts, rulebook, one, reader) for one in (*shown(PaperReportEntered), *shown(PaperEntered))
        ),
        served=shown(PaperServed),
        proxies=shown(ProxyNamed),
        adjustments=shown(AdjustmentGranted),
        alone=frozenset(one for one, _ in parts if holds_key_alone(facts, one)),
    )


def _tell_paper(facts: Facts, rulebook: Rulebook, entered: AnyEvent, reader: Reader) -> EnteredPaper:
    person, viewer = find_writer(facts, entered), reader.person
    words = [one for one in facts.matter.all(PaperConfirmed) if _stands(one) and one.act.paper == entered.seq]
    said = {one.actor: one for one in words}
    draft = build_live_event(
        PaperConfirmed(paper=entered.seq), seq=facts.matter.head_seq + 1, actor=viewer, at=entered.recorded_at
    )
    may_confirm = find_paper_refusal(facts, rulebook, draft, entered.recorded_at) is None and viewer not in said
    act, told = find_carried(facts, entered), [one for one in said.values() if _may_know(facts, reader, one)]
    what = "report.lodged" if isinstance(entered.act, PaperReportEntered) else str(getattr(entered.act, "what", ""))
    return EnteredPaper(
        entered, person, what, None if act is None else act.seq, tuple(told), may_confirm and act is not None
    )


def _may_know(facts: Facts, reader: Reader, event: AnyEvent) -> bool:
    """Return whether an entry names nobody whom the reader may not know: by whom it is, of whom, whose paper it is."""
    return reader.unknown.isdisjoint({*find_borne(event), *filter(None, [find_writer(facts, event)])})


def _stands(event: AnyEvent) -> bool:
    return event.live and not event.corrected


def may_do_here(organisation: Organisation, stream: StreamId, viewer: PersonId, act: str) -> bool:
    """Return whether the part that `viewer` has in a matter lets them do an act there; when is for the rules."""
    facts, rulebook = organisation.facts(stream), organisation.governing(stream)
    spec, rule = find_spec(act), rulebook.find_act_rule(act)
    by = rule.by if rule is not None else () if spec is None else spec.by
    return not frozenset(by).isdisjoint(build_reader(facts, rulebook, viewer).roles)


def find_carried(facts: Facts, entered: AnyEvent) -> AnyEvent | None:
    """Return the act that was done by a paper, given the entry of that paper: its neighbour of the same second."""
    paper = entered.act
    if isinstance(paper, PaperReportEntered):
        act = facts.matter.find(paper.report)
        return act if act is not None and act.live and act.recorded_at == entered.recorded_at else None
    act = facts.matter.find(entered.seq + 1)
    if act is None or not act.live or not isinstance(paper, PaperEntered):
        return None
    theirs = act.actor == paper.person and get_spec(type(act.act)).name == paper.what
    return act if theirs and act.recorded_at == entered.recorded_at else None


def find_paper_behind(facts: Facts, seq: int) -> AnyEvent | None:
    """Return the entry of the paper by which an act was done; None where it was not done on paper."""
    for near in (facts.matter.find(seq - 1), facts.matter.find(seq + 1)):
        if near is not None and near.live and isinstance(near.act, PaperEntered | PaperReportEntered):
            carried = find_carried(facts, near)
            if carried is not None and carried.seq == seq:
                return near
    return None


def find_shown_paper(entered: Entered, seq: int) -> AnyEvent | None:
    """Return the entry of the paper by which an act was done, where the reader may see it."""
    behind = find_paper_behind(entered.facts, seq)
    if behind is None:
        return None
    visible = "fields" in find_visible_fields(get_spec(type(behind.act)), entered.reader.roles)
    own = entered.reader.person in {behind.actor, find_writer(entered.facts, behind)}
    return behind if own or (visible and _may_know(entered.facts, entered.reader, behind)) else None


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
        Proposal(stream, paper, entered_by, attachments=attachments, from_paper=True),
        Proposal(stream, act, paper.person, from_paper=True),
    )
    return record_together(organisation, stream, proposals, entered_by, now=now)


def record_together(
    organisation: Organisation,
    stream: StreamId,
    proposals: tuple[Proposal, ...],
    entered_by: PersonId,
    *,
    now: datetime | None = None,
) -> Performed:
    """Record acts of one matter in one transaction, or none of them: then return the refusal of the first refused.

    A refusal is kept as an attempt of `entered_by`, who tried, without content: whosever paper it is did nothing yet.
    Raises: BusyError, StoreError, MalformedError.
    """
    for _ in range(TRIES):
        organisation.facts(stream, fresh=True)
        try:
            done = list(perform_as_read(organisation, proposals, now=now))
        except StaleReadError:
            continue
        for proposal, one in zip(proposals, done, strict=True):
            if isinstance(one.ruling, Refused):
                tried_at = (now or organisation.ports.clock()).replace(microsecond=0)
                keep_attempt(organisation, stream, proposal.act, entered_by, one.ruling, now=tried_at)
                return one
        return done[-1]
    raise BusyError(
        phrase("Others are writing to this matter at the same time."), remedy=phrase("Try again in a moment.")
    )
