"""Random acts by random people on two stores at once: the same rulings, folds and tables, however they were reached."""

import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from alteram.core.acts import (
    CaseManagerAssigned,
    CorrectionMade,
    FactAgreed,
    FactDenied,
    InterestDeclared,
    MatterAccepted,
    MatterClosed,
    MatterReopened,
    MattersLinked,
    NoticeServed,
    OfficeFilled,
    PartyJoined,
    PersonRecused,
    RecordShredded,
    SecondKeyGiven,
)
from alteram.core.acts.fields import Act
from alteram.core.acts.reported import Reported
from alteram.core.kernel.identifiers import ATTEMPTS_STREAM, ORGANISATION_STREAM, PersonId, StreamId
from alteram.core.kernel.outcomes import Refused
from alteram.operations.organisation import Organisation
from alteram.operations.perform import Performed, perform, perform_many
from alteram.operations.ports import StoreError
from alteram.operations.read_tables import rebuild
from alteram.operations.recording import Proposal
from alteram.operations.rulebooks import adopt_rulebook
from tests.worlds import (
    AMENDED,
    CHAIR,
    COMPLAINANT,
    CUSTODIAN,
    M1,
    M2,
    MANAGER,
    MEMBER,
    ORGANISATION,
    OUTSIDER,
    RESPONDENT,
    RULES,
    SECRETARY,
    World,
    check_log,
    found_small_body,
    report,
)

_PEOPLE = st.sampled_from([SECRETARY, CHAIR, CUSTODIAN, MANAGER, COMPLAINANT, RESPONDENT, MEMBER, OUTSIDER])
_SOMEBODY = st.one_of(_PEOPLE, st.none())
_STREAMS = st.sampled_from([M1, M2])
_REFS = st.integers(0, 12)
_ACTS: st.SearchStrategy[Act] = st.one_of(
    st.builds(CaseManagerAssigned, person=_PEOPLE),
    st.builds(MatterAccepted, procedure=st.just("conduct"), complainant=_SOMEBODY, respondent=_SOMEBODY),
    st.builds(MatterClosed, approved_by=_PEOPLE),
    st.builds(MatterReopened, ground=st.just("fraud"), reasons=st.just("It was.")),
    st.builds(MattersLinked, other=_STREAMS, why=st.just("same-facts")),
    st.builds(PartyJoined, person=_PEOPLE, role=st.sampled_from(["witness", "companion", "respondent"])),
    st.builds(PersonRecused, person=_PEOPLE, roles=st.just(("case-manager", "decider"))),
    st.builds(InterestDeclared, nature=st.just("none"), text=st.sampled_from([None, "Nothing.", "é\n“x”"])),
    st.builds(NoticeServed, to=_PEOPLE, particulars=st.sampled_from([(), ("On Monday.",)])),
    st.builds(CorrectionMade, entry=_REFS, reasons=st.just("It was wrong.")),
    st.builds(FactAgreed, event=_REFS),
    st.builds(FactDenied, event=_REFS),
    st.builds(SecondKeyGiven, to_act=st.just("record.shredded")),
    st.builds(
        RecordShredded,
        scope=st.sampled_from(["fields", "entry", "matter"]),
        entry=_REFS,
        fields=st.sampled_from([(), ("text",), ("person",)]),
        legal_basis=st.just("erasure"),
        second=_PEOPLE,
    ),
)


class RandomActs(RuleBasedStateMachine):
    """Two worlds to which the same is done: memory, and SQLite through two handles in turn."""

    def __init__(self) -> None:
        super().__init__()
        self._closing = ExitStack()
        folder = Path(self._closing.enter_context(tempfile.TemporaryDirectory()))
        self.worlds = [World("memory", folder / "memory"), World("sqlite", folder / "sqlite")]
        for world in self.worlds:
            self._closing.callback(world.close)
        # Of the second world two handles take turns, so that each is always behind the other.
        self.handles: list[list[Organisation]] = [[world.open() for _ in range(2)] for world in self.worlds]
        self.turn = 0
        self.acknowledged: list[dict[tuple[StreamId, int], bytes]] = [{}, {}]

    def teardown(self) -> None:
        self._closing.close()

    @initialize()
    def found(self) -> None:
        for handles in self.handles:
            found_small_body(handles[0])

    def each(self) -> list[Organisation]:
        self.turn += 1
        return [handles[0] if number == 0 else handles[self.turn % 2] for number, handles in enumerate(self.handles)]

    def record(self, *proposals: Proposal) -> None:
        outcomes: list[list[Performed | str]] = []
        for organisation, acknowledged in zip(self.each(), self.acknowledged, strict=True):
            outcomes.append(attempt(organisation, proposals))
            for proposal, done in zip(proposals, outcomes[-1], strict=False):
                if isinstance(done, Performed) and done.seq is not None and done.leaf_hash is not None:
                    acknowledged[proposal.stream, done.seq] = done.leaf_hash
        one, other = ([summary(done) for done in outcome] for outcome in outcomes)
        assert one == other

    @rule(stream=_STREAMS, actor=_SOMEBODY)
    def lodge(self, stream: StreamId, actor: PersonId | None) -> None:
        self.record(Proposal(stream, report(), actor))

    @rule(stream=_STREAMS, act=_ACTS, actor=_SOMEBODY)
    def propose(self, stream: StreamId, act: Act, actor: PersonId | None) -> None:
        self.record(Proposal(stream, act, actor))

    @rule(stream=_STREAMS, act=_ACTS, actor=_PEOPLE, by=_SOMEBODY)
    def tell(self, stream: StreamId, act: Act, actor: PersonId, by: PersonId | None) -> None:
        self.record(Proposal(stream, act, actor, Reported(by=by)))

    @rule(stream=_STREAMS, acts=st.lists(st.tuples(_ACTS, _PEOPLE), min_size=2, max_size=4))
    def propose_many(self, stream: StreamId, acts: Sequence[tuple[Act, PersonId]]) -> None:
        self.record(*(Proposal(stream, act, actor) for act, actor in acts))

    @rule(stream=_STREAMS, entry=_REFS)
    def shred(self, stream: StreamId, entry: int) -> None:
        act = RecordShredded(scope="entry", entry=entry, legal_basis="erasure", second=SECRETARY)
        second = SecondKeyGiven(to_act="record.shredded")
        self.record(Proposal(stream, second, SECRETARY), Proposal(stream, act, CUSTODIAN))

    @rule(person=_PEOPLE)
    def fill_an_office(self, person: PersonId) -> None:
        self.record(Proposal(ORGANISATION_STREAM, OfficeFilled(office="custodian", person=person), SECRETARY))

    @rule()
    def amend(self) -> None:
        for organisation in self.each():
            in_force = organisation.governing(ORGANISATION_STREAM).version
            assert adopt_rulebook(organisation, AMENDED if in_force == "1" else RULES, SECRETARY)

    @rule(hours=st.sampled_from([1, 30, 800]))
    def wait(self, hours: int) -> None:
        for world in self.worlds:
            world.clock.pass_time(hours=hours)

    @rule()
    def integrate(self) -> None:
        for world, organisation, acknowledged in zip(self.worlds, self.each(), self.acknowledged, strict=True):
            world.integrator(organisation).run()
            check_log(organisation.ports, acknowledged)

    @invariant()
    def fold_at_hand_is_that_of_the_store(self) -> None:
        for organisation in self.each():
            fresh = Organisation(organisation.ports)
            for stream in (ORGANISATION_STREAM, ATTEMPTS_STREAM, M1, M2):
                assert organisation.state(stream, fresh=True) == fresh.state(stream)

    @invariant()
    def both_stores_say_the_same(self) -> None:
        one, other = self.each()
        assert one.facts(M1, fresh=True).roll == other.facts(M1, fresh=True).roll
        for stream in (M1, M2):
            assert one.state(stream, fresh=True).facts == other.state(stream, fresh=True).facts
        tables = [each.ports.store.dump_read_tables(ORGANISATION) for each in (one, other)]
        assert tables[0] == tables[1]

    @precondition(lambda self: self.turn % 3 == 0)
    @invariant()
    def tables_rebuilt_are_those_that_grew(self) -> None:
        for organisation in self.each():
            assert rebuild(Organisation(organisation.ports)).differing == 0


def attempt(organisation: Organisation, proposals: Sequence[Proposal]) -> list[Performed | str]:
    """Perform one, or many; an error counts by its words."""
    try:
        if len(proposals) > 1:
            return list(perform_many(organisation, proposals))
        one = proposals[0]
        return [perform(organisation, one.stream, one.act, one.actor, reported=one.reported)]
    except StoreError as error:  # nothing there to shred
        return [str(error)]


def summary(done: Performed | str) -> object:
    """Return what must be the same on every store: salts, and so leaf hashes, are not."""
    if isinstance(done, str):
        return done
    return (done.ruling, done.seq) if not isinstance(done.ruling, Refused) else done.ruling


RandomActs.TestCase.settings = settings(max_examples=12, stateful_step_count=25, deadline=None)
TestRandomActs = RandomActs.TestCase
