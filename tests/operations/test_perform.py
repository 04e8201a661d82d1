"""Performing an act: what is recorded of it, what a refusal leaves, what happens when others act at the same time."""

from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from alteram.core.acts import (
    ActRefused,
    CaseManagerAssigned,
    CompanionNamed,
    HistoryEntered,
    InterestDeclared,
    MatterAccepted,
    MatterDeclined,
    MattersLinked,
    MemberJoined,
    NoticeServed,
    ReportLodged,
    ResponseGiven,
    RiskAssessed,
    ServiceConfirmed,
)
from alteram.core.acts.fields import Act
from alteram.core.acts.reported import Reported
from alteram.core.kernel.canonical import Json
from alteram.core.kernel.errors import MalformedError
from alteram.core.kernel.identifiers import ATTEMPTS_STREAM, ORGANISATION_STREAM, PersonId, StreamId
from alteram.core.kernel.instants import encode_instant
from alteram.core.kernel.outcomes import Allowed, Refused
from alteram.core.record.entry import is_signed_by_author
from alteram.core.rules import build_digest, encode_rulebook
from alteram.core.vault import OpenedEntry, VaultError, decode_base64url, encode_base64url, verify_author
from alteram.core.vault.leaves import build_entry_leaf
from alteram.operations.attempts import KEPT_IN_AN_HOUR
from alteram.operations.organisation import Organisation
from alteram.operations.perform import BATCH, Performed, perform, perform_many, rule_on
from alteram.operations.ports import StoredEntry
from alteram.operations.receipts import find_receipt
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
    PANEL,
    RESPONDENT,
    RULES,
    SECRETARY,
    START,
    InjectedError,
    World,
    begin_matter,
    do,
    found_small_body,
    open_world,
    report,
)

DIGEST = build_digest(encode_rulebook(RULES))


def stored(organisation: Organisation, stream: StreamId = M1) -> list[StoredEntry]:
    return list(organisation.ports.store.load(ORGANISATION, stream))


def opened(organisation: Organisation, seq: int, stream: StreamId = M1) -> OpenedEntry:
    found = organisation.open(stored(organisation, stream)[seq])
    assert found is not None
    return found


def claims(organisation: Organisation, seq: int, stream: StreamId = M1) -> dict[str, Json]:
    return dict(opened(organisation, seq, stream).presentation.claims)


def refused(done: Performed) -> Refused:
    assert not done
    assert isinstance(done.ruling, Refused), done.ruling
    assert done.leaf_hash is None
    return done.ruling


def note(text: str = "Nothing ties me to it.") -> InterestDeclared:
    return InterestDeclared(nature="none", text=text)


# -- what is recorded


def test_allowed_act_stands_in_the_store_as_it_was_acknowledged(matter: Organisation) -> None:
    done = do(matter, M1, note(), CUSTODIAN)
    newest = stored(matter)[-1]
    assert (newest.seq, newest.leaf_hash) == (done.seq, done.leaf_hash)
    assert isinstance(done.ruling, Allowed)
    head = matter.ports.store.find_head(ORGANISATION, M1)
    assert head is not None
    assert (head.seq, head.leaf_hash, head.at) == (done.seq, done.leaf_hash, newest.at)
    found = claims(matter, 3)
    assert found["act"] == "interest.declared/1"
    assert found["act.text"] == "Nothing ties me to it."
    assert (found["actor"], found["stream"], found["at"]) == (CUSTODIAN, M1, encode_instant(START))
    assert found["reported"] is None


def test_each_entry_names_the_one_before_it_from_nothing_on(matter: Organisation) -> None:
    for text in "abc":
        do(matter, M1, note(text), CUSTODIAN)
    entries = stored(matter)
    assert [one.seq for one in entries] == list(range(6))
    named = [claims(matter, seq)["prev"] for seq in range(6)]
    assert named == [None, *(encode_base64url(one.leaf_hash) for one in entries[:-1])]
    assert [claims(matter, seq)["seq"] for seq in range(6)] == list(range(6))


def test_entry_is_signed_by_the_record_key_and_by_its_author(matter: Organisation) -> None:
    do(matter, M1, note(), CUSTODIAN)
    entry, signers = opened(matter, 3), matter.ports.signers
    head, payload, signature = entry.jwt.encoded.split(".")
    record = Ed25519PublicKey.from_public_bytes(signers.record_key(ORGANISATION).public)
    record.verify(decode_base64url(signature), f"{head}.{payload}".encode())
    covered = frozenset(one.name for one in entry.presentation.disclosures if is_signed_by_author(one.name))
    assert verify_author(entry.presentation, covered, entry.presentation.claims) == "verified"
    author = entry.presentation.claims["author"]
    assert isinstance(author, dict)
    assert author["key"] == encode_base64url(signers.author_key(ORGANISATION, CUSTODIAN).public)
    assert author["key"] != encode_base64url(signers.author_key(ORGANISATION, CHAIR).public)
    assert build_entry_leaf(entry.jwt.encoded, entry.blinding) == stored(matter)[3].leaf


def test_entry_names_the_rules_it_was_ruled_by_and_what_the_ruling_read(matter: Organisation) -> None:
    head = matter.ports.store.find_head(ORGANISATION, ORGANISATION_STREAM)
    assert head is not None
    found = claims(matter, 2)
    assert found["ruling"] == {"outcome": "allowed", "rulebook": DIGEST, "capacity": "case-manager", "clause": ""}
    assert found["reads"] == [[ORGANISATION_STREAM, head.seq]]
    assert claims(matter, 0, ORGANISATION_STREAM)["reads"] == []


def test_entry_names_the_newest_witnessed_checkpoint_only(world: World, matter: Organisation) -> None:
    integrator = world.integrator(matter)
    assert claims(matter, 2)["seen"] is None
    size = integrator.run().size
    do(matter, M1, note(), CUSTODIAN)
    assert claims(matter, 3)["seen"] is None  # published, not witnessed yet
    integrator.cosign()
    do(matter, M1, note(), CUSTODIAN)
    seen = claims(matter, 4)["seen"]
    assert isinstance(seen, dict)
    assert seen["size"] == size
    integrator.run()
    do(matter, M1, note(), CUSTODIAN)
    assert claims(matter, 5)["seen"] == seen


def test_receipt_follows_once_the_log_holds_the_entry(world: World, matter: Organisation) -> None:
    integrator = world.integrator(matter)
    assert find_receipt(matter, M1, 2) is None
    integrator.run()
    receipt = find_receipt(matter, M1, 2)
    assert receipt is not None
    assert receipt.extra == b"\x01" + opened(matter, 2).blinding
    assert find_receipt(matter, M1, 3) is None
    do(matter, M1, note(), CUSTODIAN)
    assert find_receipt(matter, M1, 3) is None


def test_what_is_told_is_queued_with_the_act_and_holds_no_content(matter: Organisation) -> None:
    items = [item for _, item in matter.ports.store.take_outbox(ORGANISATION, 100)]
    assert [(item.stream, item.seq) for item in items] == [(M1, 0), (M1, 1), (M1, 2)]
    assert all("What happened" not in repr(item) for item in items)


def test_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    found = []
    for folder in ("a", "b"):
        with open_world("memory", tmp_path / folder) as world:
            organisation = world.open()
            found_small_body(organisation)
            begin_matter(organisation)
            found.append([(one.leaf, one.ciphertext, one.wrapped_keys) for one in stored(organisation)])
    assert found[0] == found[1]


# -- what a refusal leaves


def test_refused_act_is_not_recorded_and_its_code_and_clause_are_told(matter: Organisation) -> None:
    before = stored(matter)
    ruling = refused(perform(matter, M1, CaseManagerAssigned(person=MEMBER), PANEL[0]))
    assert ruling.code == "act.not-yours"
    assert ruling.clause
    assert stored(matter) == before


def test_refused_act_is_kept_as_an_attempt_without_content(matter: Organisation) -> None:
    secret = "A text that is nobody's business."
    refused(perform(matter, M1, MatterDeclined(reasons=secret, second=CHAIR), RESPONDENT))
    found = claims(matter, 0, ATTEMPTS_STREAM)
    assert found["act"] == "act.refused/1"
    assert found["actor"] == RESPONDENT
    assert (found["act.stream"], found["act.act"], found["act.code"]) == (M1, "matter.declined", "act.not-yours")
    assert secret not in repr(found)
    assert CHAIR not in repr(found)


def test_asking_what_the_rules_would_say_leaves_no_trace(matter: Organisation) -> None:
    before = stored(matter)
    assert isinstance(rule_on(matter, M1, CaseManagerAssigned(person=MEMBER), RESPONDENT), Refused)
    assert isinstance(rule_on(matter, M1, note(), CUSTODIAN), Allowed)
    assert stored(matter) == before
    assert stored(matter, ATTEMPTS_STREAM) == []


def test_thirty_attempts_an_hour_are_kept_of_one_person_and_no_more(world: World, matter: Organisation) -> None:
    def attempt(person: PersonId = RESPONDENT) -> int:
        refused(perform(matter, M1, CaseManagerAssigned(person=MEMBER), person))
        return len(stored(matter, ATTEMPTS_STREAM))

    assert [attempt() for _ in range(KEPT_IN_AN_HOUR + 2)] == [*range(1, 31), 30, 30]
    assert attempt(MEMBER) == 31  # another person's are kept
    world.clock.pass_time(minutes=59, seconds=59)
    assert attempt() == 31
    world.clock.pass_time(seconds=1)
    assert attempt() == 32


def test_attempts_are_counted_over_processes(world: World, matter: Organisation) -> None:
    others = [matter, world.open(), world.open()]
    for number in range(KEPT_IN_AN_HOUR + 6):
        refused(perform(others[number % 3], M1, CaseManagerAssigned(person=MEMBER), RESPONDENT))
    kept = world.open().facts(ATTEMPTS_STREAM).matter.all(ActRefused)
    assert len(kept) == KEPT_IN_AN_HOUR


def test_attempt_is_kept_though_the_clock_was_turned_back(world: World, matter: Organisation) -> None:
    refused(perform(matter, M1, CaseManagerAssigned(person=MEMBER), RESPONDENT))
    world.clock.pass_time(hours=-3)
    assert refused(perform(matter, M1, note(), CUSTODIAN)).code == "time.backwards"
    times = [one.at for one in stored(matter, ATTEMPTS_STREAM)]
    assert times == sorted(times)
    assert len(times) == 2


@pytest.mark.parametrize(
    ("stream", "act", "actor"),
    [
        ("Not A Name", note(), CUSTODIAN),
        ("m1", note(), "Not A Name"),
        ("m1", note(""), CUSTODIAN),
        ("m1", note("\ud800"), CUSTODIAN),
        ("m1", CaseManagerAssigned(person=PersonId("Not A Name")), CUSTODIAN),
        ("m1", InterestDeclared(nature="whatever"), CUSTODIAN),  # type: ignore[arg-type] # what a careless caller may send
        ("m1", RiskAssessed(point="during", person=MEMBER, level="low", text="x" * 100_001), MANAGER),
    ],
)
def test_act_that_could_not_be_read_back_is_never_recorded(
    matter: Organisation, stream: str, act: Act, actor: str
) -> None:
    before = stored(matter)
    with pytest.raises(MalformedError):
        perform(matter, StreamId(stream), act, PersonId(actor))
    assert stored(matter) == before
    do(matter, M1, note(), CUSTODIAN)


def test_entry_too_large_to_be_shown_again_is_an_error_and_leaves_nothing(matter: Organisation) -> None:
    before = stored(matter)
    texts = tuple("x" * 100_000 for _ in range(200))
    with pytest.raises(VaultError, match="at most"):
        perform(matter, M1, NoticeServed(to=RESPONDENT, particulars=texts), MANAGER)
    assert stored(matter) == before
    do(matter, M1, note(), CUSTODIAN)


def test_stranger_learns_nothing_from_a_refusal(matter: Organisation) -> None:
    there = refused(perform(matter, M1, note(), OUTSIDER))
    nowhere = refused(perform(matter, StreamId("m9"), note(), OUTSIDER))
    assert there == nowhere
    assert [there.facts, there.missing, there.working] == [()] * 3


def test_attempts_are_a_register_that_nobody_writes_to_directly(matter: Organisation) -> None:
    act = ActRefused(stream=M1, act="x", code="y", clause="z")
    for stream in (ATTEMPTS_STREAM, M1, ORGANISATION_STREAM):
        assert refused(perform(matter, stream, act, SECRETARY)).code == "act.wrong-stream"
    assert refused(perform(matter, ATTEMPTS_STREAM, report(), None)).code == "act.wrong-stream"
    assert refused(perform(matter, ORGANISATION_STREAM, report(), None)).code == "act.wrong-stream"
    assert refused(perform(matter, M1, MemberJoined(people=(OUTSIDER,)), SECRETARY)).code == "act.wrong-stream"


# -- time


def test_time_in_a_matter_never_runs_backwards_for_anybody(world: World, matter: Organisation) -> None:
    world.clock.pass_time(seconds=-1)
    ruling = refused(perform(matter, M1, note(), CUSTODIAN))
    assert (ruling.code, ruling.earliest) == ("time.backwards", START)
    reported = perform(matter, M1, note(), CUSTODIAN, reported=Reported())
    assert refused(reported).code == "time.backwards"
    world.clock.pass_time(seconds=1)
    do(matter, M1, note(), CUSTODIAN)  # the same second is in order
    assert perform(matter, M1, note(), CUSTODIAN, reported=Reported())


def test_time_of_one_matter_says_nothing_of_another(world: World, matter: Organisation) -> None:
    world.clock.pass_time(days=1)
    do(matter, M1, note(), CUSTODIAN)
    assert perform(matter, M2, report(), COMPLAINANT, now=START)


def test_link_is_not_mirrored_into_a_matter_whose_time_is_ahead(world: World, matter: Organisation) -> None:
    world.clock.pass_time(days=1)
    begin_matter(matter, M2)
    act = MattersLinked(other=M2, why="same-people")
    before = stored(matter, M2)
    assert refused(perform(matter, M1, act, CUSTODIAN, now=START)).code == "time.backwards"
    assert stored(matter, M2) == before
    do(matter, M1, act, CUSTODIAN)


def test_times_are_kept_in_whole_seconds(world: World, matter: Organisation) -> None:
    world.clock.pass_time(microseconds=999_999)
    do(matter, M1, note(), CUSTODIAN)
    assert claims(matter, 3)["at"] == encode_instant(START)


# -- reported events and histories

SERVED = NoticeServed(to=RESPONDENT, particulars=("On Monday, in the hall.",))


def test_event_that_happened_elsewhere_is_recorded_with_its_own_time_and_opens_nothing(matter: Organisation) -> None:
    told = Reported(first=START - timedelta(days=3), last=START - timedelta(days=2), by=MANAGER)
    assert perform(matter, M1, SERVED, MEMBER, reported=told)
    found = claims(matter, 3)
    assert found["ruling"] == {"outcome": "reported", "rulebook": DIGEST, "capacity": "member", "clause": ""}
    assert found["actor"] == MEMBER
    assert isinstance(found["reported"], dict)
    assert found["reported"]["by"] == MANAGER
    event = matter.facts(M1).matter.find(3)
    assert event is not None
    assert (event.live, event.standing, event.actor) == (False, "asserted", MANAGER)
    assert not event.supports(frozenset({RESPONDENT}))


def test_reported_event_that_the_rules_would_refuse_live_is_recorded(matter: Organisation) -> None:
    assert refused(perform(matter, M1, SERVED, MEMBER)).code == "act.not-yours"
    assert perform(matter, M1, SERVED, MEMBER, reported=Reported())


def test_agreement_is_only_of_those_who_record_it_themselves(matter: Organisation) -> None:
    told = Reported(agreed_by=(RESPONDENT, COMPLAINANT))
    assert perform(matter, M1, SERVED, MEMBER, reported=told)
    assert perform(matter, M1, SERVED, RESPONDENT, reported=told)
    events = [matter.facts(M1).matter.find(seq) for seq in (3, 4)]
    assert [one.agreed_by for one in events if one] == [(), (RESPONDENT,)]
    assert [one.supports(frozenset({RESPONDENT})) for one in events if one] == [False, True]


def test_nothing_is_decided_in_a_matter_that_tells_a_history(matter: Organisation) -> None:
    tale = StreamId("tale")
    do(matter, tale, HistoryEntered(title="As it was told", source="a newspaper"), MEMBER)
    assert perform(matter, tale, report(), MEMBER, reported=Reported(by=COMPLAINANT))
    assert refused(perform(matter, tale, CaseManagerAssigned(person=MEMBER), CUSTODIAN)).code == "matter.history"
    assert refused(perform(matter, tale, report(), COMPLAINANT)).code == "matter.begun"
    row = next(one for one in matter.ports.store.matters(ORGANISATION) if one.stream == tale)
    assert (row.stage, row.procedure) == ("history", "")


# -- governing rules


def test_matter_keeps_the_rules_in_force_when_it_was_accepted(world: World, matter: Organisation) -> None:
    do(matter, M2, report(), COMPLAINANT)
    assert adopt_rulebook(matter, AMENDED, SECRETARY)
    do(matter, M1, note(), CUSTODIAN)
    do(matter, M2, CaseManagerAssigned(person=MANAGER), CUSTODIAN)
    amended = build_digest(encode_rulebook(AMENDED))
    for organisation in (matter, world.open()):
        organisation.facts(M1, fresh=True)
        organisation.facts(M2, fresh=True)
        assert organisation.governing(M1).version == "1"
        assert organisation.governing(M2).version == "2"  # not accepted yet
    assert isinstance(ruling := claims(matter, 3)["ruling"], dict)
    assert ruling["rulebook"] == DIGEST
    assert isinstance(ruling := claims(matter, 1, M2)["ruling"], dict)
    assert ruling["rulebook"] == amended
    do(matter, M2, MatterAccepted(procedure="conduct"), MANAGER)
    assert matter.governing(M2).version == "2"


# -- many at once


def test_many_acts_go_in_transactions_of_256(world: World, matter: Organisation) -> None:
    world.faults.arm("store.append", "not applied", skip=2)
    with pytest.raises(InjectedError):
        perform_many(matter, [Proposal(M1, note(str(number)), CUSTODIAN) for number in range(3 * BATCH)])
    assert len(stored(world.open())) == 3 + 2 * BATCH


def test_refused_one_among_many_is_left_out_and_the_rest_goes_on(matter: Organisation) -> None:
    proposals = [
        Proposal(M1, note("first"), CUSTODIAN),
        Proposal(M1, CaseManagerAssigned(person=MEMBER), RESPONDENT),
        Proposal(M2, report(), COMPLAINANT),
        Proposal(M2, CaseManagerAssigned(person=MANAGER), CUSTODIAN),
        Proposal(M1, note("last"), CUSTODIAN),
    ]
    done = perform_many(matter, proposals)
    assert [one.seq for one in done] == [3, None, 0, 1, 4]
    assert claims(matter, 4)["prev"] == encode_base64url(stored(matter)[3].leaf_hash)
    assert stored(matter, ATTEMPTS_STREAM) == []


def test_transaction_that_fails_leaves_nothing_of_it_at_hand(world: World, matter: Organisation) -> None:
    for mode in ("not applied", "applied"):
        before = len(stored(matter))
        world.faults.arm("store.append", mode)
        with pytest.raises(InjectedError):
            perform_many(matter, [Proposal(M1, note(str(number)), CUSTODIAN) for number in range(3)])
        world.faults.disarm()
        done = do(matter, M1, note("after"), CUSTODIAN)
        assert done.seq == before + (3 if mode == "applied" else 0)
        assert matter.facts(M1).matter == world.open().facts(M1).matter


def test_a_companion_sees_what_follows_from_an_act_of_the_same_batch(matter: Organisation) -> None:
    companion = CompanionNamed(person=OUTSIDER, for_person=RESPONDENT)
    answer = ResponseGiven(stance="deny", text="It was not so.")
    done = perform_many(matter, [Proposal(M1, companion, RESPONDENT), Proposal(M1, answer, OUTSIDER)])
    assert all(done)


def test_confirmed_service_names_an_entry_that_is_there(matter: Organisation) -> None:
    served = do(matter, M1, SERVED, MANAGER)
    assert served.seq is not None
    for document, allowed in ((served.seq, True), (served.seq + 5, False)):
        act = ServiceConfirmed(document=document, to=RESPONDENT, delivered_at=START, how="hand")
        assert bool(perform(matter, M1, act, MANAGER)) is allowed


def test_report_without_a_name_is_signed_and_gives_nobody_a_part(matter: Organisation) -> None:
    do(matter, M2, ReportLodged(identity="anonymous", about="practice", text="It happens."), None)
    assert claims(matter, 0, M2)["actor"] is None
    assert matter.facts(M2).holdings == ()
