"""The one door: rule on an act, and record it. Web, API, command line and jobs call it; nothing else changes a stream.

Order (design: one act, end to end): load what the ruling reads, ask access, ask the rules, seal, then one transaction
that checks that nothing read has moved. An act is acknowledged when `perform` returns: it is durable. Its receipt
follows when the integrator has put it into the log.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from alteram.core.access import may_propose, tell_refusal
from alteram.core.acts import (
    AssertionMarked,
    ExhibitWithheld,
    MattersLinked,
    PaperEntered,
    PaperReportEntered,
    RecordShredded,
    encode_fields,
    get_spec,
    parse_act,
)
from alteram.core.acts.codec import normalise
from alteram.core.acts.fields import Act
from alteram.core.acts.reported import Reported, encode_reported, parse_reported
from alteram.core.kernel.errors import AlteramError, MalformedError
from alteram.core.kernel.identifiers import PersonId, StreamId, parse_identifier
from alteram.core.kernel.outcomes import Allowed, Refused, Ruling
from alteram.core.kernel.phrases import phrase
from alteram.core.matters import AnyEvent, Facts, StreamFacts
from alteram.core.rules import decide
from alteram.core.rules.capacities import find_roles
from alteram.operations.attempts import keep_attempt
from alteram.operations.gists import find_other_gist
from alteram.operations.organisation import Organisation
from alteram.operations.ports import StaleReadError
from alteram.operations.recording import Batch, Proposal, SealedAttachment
from alteram.operations.signing import OwnSignature

#: How often an act is ruled on again because something it read has moved.
TRIES = 8
#: How many acts one transaction of `perform_many` holds.
BATCH = 256
#: Who may link a matter must be one of these in both.
_LINKERS = frozenset({"case-manager", "secretary", "custodian"})
#: Acts that say only that another, beside them, was read from paper.
_PAPERS = (PaperEntered, PaperReportEntered)


class BusyError(AlteramError):
    """Others kept writing to what the ruling reads. Nothing was recorded."""


@dataclass(frozen=True, slots=True)
class Performed:
    """What became of a proposal: the ruling, and where the entry stands (None when it was refused)."""

    ruling: Ruling
    seq: int | None = None
    leaf_hash: bytes | None = None

    def __bool__(self) -> bool:
        """Return whether the act was recorded."""
        return self.seq is not None


def perform(
    organisation: Organisation,
    stream: StreamId,
    act: Act,
    actor: PersonId | None,
    *,
    reported: Reported | None = None,
    attachments: tuple[SealedAttachment, ...] = (),
    signed: OwnSignature | None = None,
    now: datetime | None = None,
) -> Performed:
    """Rule on an act and record it, or say why not.

    `reported`: the event happened elsewhere; it is recorded, never refused, once access allows (design: two ways in).
    `attachments` are durable already (`operations.attachments`); refused or failed, they wait to be swept away.
    `signed`: the author signed it with a passkey, as of `now` (`operations.own_signatures`).
    A refusal is kept as an attempt, without content. Raises: BusyError, SigningError, StoreError, MalformedError.
    """
    proposal = Proposal(stream, act, actor, reported, attachments, signed)
    performed = _perform_batch(organisation, (proposal,), now)[0]
    if isinstance(performed.ruling, Refused):
        keep_attempt(organisation, stream, act, actor, performed.ruling, now=_whole_seconds(organisation, now))
    return performed


def perform_many(
    organisation: Organisation, proposals: Iterable[Proposal], *, now: datetime | None = None
) -> tuple[Performed, ...]:
    """Rule on acts in turn and record them, 256 to a transaction; a refused one is left out and the next goes on.

    Refusals among many are returned, not kept as attempts. Raises: BusyError with nothing of its batch recorded.
    """
    done: list[Performed] = []
    for batch in _split(proposals):
        done.extend(_perform_batch(organisation, batch, now))
    return tuple(done)


def perform_as_read(
    organisation: Organisation, proposals: Iterable[Proposal], *, now: datetime | None = None
) -> Iterator[Performed]:
    """Rule on acts as things were when they were last read, and record them, 256 to a transaction.

    Of a transaction in which an act is refused nothing is recorded, what is yielded is what was ruled on each of its
    acts, and no later one is begun. Raises: StaleReadError with nothing of a transaction recorded when something has
    moved since.
    """
    for proposed in _split(proposals):
        batch = Batch(organisation, _whole_seconds(organisation, now), fresh=False)
        done = [_take(batch, organisation, normalise_proposal(proposal)) for proposal in proposed]
        if any(isinstance(one.ruling, Refused) for one in done):
            yield from (Performed(one.ruling) for one in done)
            return
        batch.store()
        yield from done


def _split(proposals: Iterable[Proposal]) -> Iterator[list[Proposal]]:
    """Yield batches; a shredding stands alone, because it wraps again all that is stored before it."""
    batch: list[Proposal] = []
    for proposal in proposals:
        alone = isinstance(proposal.act, RecordShredded)
        if batch and (alone or len(batch) == BATCH):
            yield batch
            batch = []
        batch.append(proposal)
        if alone:
            yield batch
            batch = []
    if batch:
        yield batch


def rule_on(
    organisation: Organisation, stream: StreamId, act: Act, actor: PersonId | None, *, now: datetime | None = None
) -> Ruling:
    """Return what the rules would say of an act proposed now; record nothing. It greys buttons and explains them."""
    desk = Batch(organisation, _whole_seconds(organisation, now), fresh=True)
    return _rule_on_words(desk, organisation, normalise_proposal(Proposal(stream, act, actor)))[1]


def rule_on_each(
    organisation: Organisation, stream: StreamId, drafts: Iterable[Act], actor: PersonId | None, desk: Batch
) -> Iterator[Ruling]:
    """Yield what the rules would say of each of `drafts`, were it alone proposed; its texts are still to be written.

    The stream is read once for all that is asked at a `desk`, which nothing was added to.
    """
    for act in drafts:
        yield _rule(desk, organisation, normalise_proposal(Proposal(stream, act, actor)))[1]


def _perform_batch(organisation: Organisation, proposals: Sequence[Proposal], now: datetime | None) -> list[Performed]:
    normalised = [normalise_proposal(proposal) for proposal in proposals]
    fresh = False
    for _ in range(TRIES):
        # The clock is read again each time: whoever was first may have written in a later second.
        batch = Batch(organisation, _whole_seconds(organisation, now), fresh=fresh)
        done = [_take(batch, organisation, proposal) for proposal in normalised]
        if not fresh and any(isinstance(one.ruling, Refused) for one in done):
            # What was kept at hand may be behind: nobody is refused on an old read.
            fresh = True
            continue
        try:
            batch.store()
        except StaleReadError:
            fresh = True
            continue
        return done
    raise BusyError(
        phrase("Others are writing to this matter at the same time."), remedy=phrase("Try again in a moment.")
    )


def _take(batch: Batch, organisation: Organisation, proposal: Proposal) -> Performed:
    """Rule on one proposal; where it is allowed, seal it to be stored."""
    event, ruling = _rule_on_words(batch, organisation, proposal)
    if isinstance(ruling, Refused):
        return Performed(ruling)
    stored = batch.add(proposal, event, ruling)
    if isinstance(proposal.act, MattersLinked) and proposal.reported is None:
        _mirror(batch, proposal, proposal.act)
    return Performed(ruling, stored.seq, stored.leaf_hash)


def _rule_on_words(batch: Batch, organisation: Organisation, proposal: Proposal) -> tuple[AnyEvent, Ruling]:
    """Rule on a proposal whose words are meant as they are; a draft's are still to be written."""
    event, ruling = _rule(batch, organisation, proposal)
    if isinstance(ruling, Refused) or proposal.reported is not None or not isinstance(proposal.act, AssertionMarked):
        return event, ruling
    from alteram.operations.propositions import find_misquotation  # noqa: PLC0415 - what reads an exhibit performs too

    stream, facts = proposal.stream, batch.facts(proposal.stream)
    rulebook = organisation.rulebook(batch.governing(stream))
    misquoted = find_misquotation(organisation, stream, facts, rulebook, proposal.act, by=proposal.actor)
    return event, ruling if misquoted is None else misquoted


def _rule(batch: Batch, organisation: Organisation, proposal: Proposal) -> tuple[AnyEvent, Ruling]:
    facts = batch.facts(proposal.stream)
    rulebook = organisation.rulebook(batch.governing(proposal.stream))
    event = batch.build_event(facts, proposal)
    access = may_propose(facts, rulebook, event, proposer=proposal.actor)
    if access and isinstance(proposal.act, MattersLinked):
        access = _may_link(batch, organisation, facts, proposal, proposal.act)
    if access and proposal.reported is not None:
        in_order = _not_backwards(facts.matter, event.recorded_at)
        access = access if in_order else in_order
    if not access or proposal.reported is not None:
        return event, access
    ruling = decide(facts, rulebook, event, event.recorded_at)
    if ruling and isinstance(proposal.act, _PAPERS) and not proposal.from_paper:
        return event, _alone()
    if ruling and isinstance(proposal.act, ExhibitWithheld):
        other = find_other_gist(organisation, proposal.stream, facts, proposal.act)
        ruling = ruling if other is None else other
    if isinstance(ruling, Refused):
        ruling = tell_refusal(ruling, facts, rulebook, event, proposer=proposal.actor)
    return event, ruling


def _alone() -> Refused:
    """A paper that does nothing is nobody's act: it is entered together with the act that it does, or not at all."""
    because = phrase("A paper is entered together with the act that it does. Do it on the page On paper of the matter.")
    return Refused("paper.alone", "record", because)


def _may_link(
    batch: Batch, organisation: Organisation, facts: Facts, proposal: Proposal, act: MattersLinked
) -> Allowed | Refused:
    """Linking shows each matter the other's roles: whoever links must have charge of both."""
    other = batch.facts(act.other)
    rulebook = organisation.rulebook(batch.governing(act.other))
    if facts.matter.is_history and other.matter.is_history:
        return Allowed()
    if other.matter.head_seq >= 0 and _LINKERS.intersection(find_roles(other, rulebook, proposal.actor)):
        return _not_backwards(other.matter, batch.now)
    return Refused("matter.not-yours", "access", phrase("There is no other matter of that name in your charge."))


def _not_backwards(matter: StreamFacts, at: datetime) -> Allowed | Refused:
    """Return a refusal when `at` is before what is recorded: whatever it is, time never runs backwards."""
    if matter.last_at is None or at >= matter.last_at:
        return Allowed("anyone")
    return Refused(
        "time.backwards", "record", phrase("Time in a matter never runs backwards."), earliest=matter.last_at
    )


def _mirror(batch: Batch, proposal: Proposal, act: MattersLinked) -> None:
    """Record the link in the other matter too, so that each sees the other's roles."""
    facts = batch.facts(act.other)
    if act.other != proposal.stream and all(
        one.act.other != proposal.stream for one in facts.matter.all(MattersLinked)
    ):
        back = Proposal(act.other, MattersLinked(other=proposal.stream, why=act.why), proposal.actor)
        batch.add(back, batch.build_event(facts, back), Allowed("linked"))


def normalise_proposal(proposal: Proposal) -> Proposal:
    """Return a proposal as it will be read back. Raises: MalformedError for one that could not be."""
    act, reported = normalise(proposal.act), proposal.reported
    try:
        return Proposal(
            stream=StreamId(parse_identifier(proposal.stream)),
            act=parse_act(get_spec(type(act)).tag, encode_fields(act)),
            actor=None if proposal.actor is None else PersonId(parse_identifier(proposal.actor)),
            reported=None if reported is None else parse_reported(encode_reported(reported)),
            attachments=proposal.attachments,
            signed=proposal.signed,
            from_paper=proposal.from_paper,
        )
    except UnicodeEncodeError as error:
        raise MalformedError(
            phrase("A text holds something that is no character."), remedy=phrase("Type it again.")
        ) from error


def _whole_seconds(organisation: Organisation, now: datetime | None) -> datetime:
    return (now or organisation.ports.clock()).replace(microsecond=0)
