"""Certificates issued from a matter at work: who may, what stands in the register, what a closed matter keeps."""

from io import BytesIO

import msgspec
import pytest

from alteram.core.acts import CertificateIssued, CertificatePublished, MatterClosed, MeetingAlleged, PartyJoined
from alteram.core.certificates import (
    VerifiedCertificate,
    build_certificate_digest,
    repeat_certificate,
    verify_certificate,
)
from alteram.core.kernel.identifiers import READINGS_STREAM
from alteram.core.record import RecordError, verify_export
from alteram.operations.certifying import (
    CertificateError,
    Issued,
    find_issued,
    find_published,
    get_issued,
    issue_certificate,
    may_issue,
    may_publish,
    publish_certificate,
)
from alteram.operations.entries import Entered, enter
from alteram.operations.exporting import export_matter
from alteram.operations.keys import rotate_record_key
from alteram.operations.organisation import Organisation
from alteram.operations.perform import BusyError
from alteram.operations.ports import StaleReadError, StoreError
from alteram.operations.questions import UnknownMatterError
from alteram.operations.shown_certificates import show_certificate
from tests.certificates import PACK
from tests.worlds import (
    COMPLAINANT,
    CUSTODIAN,
    M1,
    MANAGER,
    MEMBER,
    OUTSIDER,
    SECRETARY,
    World,
    do,
    shred,
)

TO = "The ombudsman, in confidence"


def entered(matter: Organisation, person: str = MANAGER) -> Entered:
    return enter(matter, M1, type(MANAGER)(person))


def issue(world: World, matter: Organisation, person: str = MANAGER, *, to: str = TO) -> bytes:
    world.publish(matter)
    now = world.clock.now
    return issue_certificate(entered(matter, person), [PACK], to=to, is_near=lambda _: False, now=now)


def export(world: World, matter: Organisation, *, viewer: str | None = None) -> BytesIO:
    world.publish(matter)
    target = BytesIO()
    export_matter(matter, M1, target, viewer=None if viewer is None else type(MANAGER)(viewer))
    target.seek(0)
    return target


def verify(matter: Organisation, data: bytes) -> VerifiedCertificate:
    return verify_certificate(data, matter.ports.policy)


def test_certificate_verifies_and_comes_out_the_same_from_the_export(world: World, matter: Organisation) -> None:
    do(matter, M1, MeetingAlleged(meeting="eve", text="They met."), COMPLAINANT)
    data = issue(world, matter)
    verified = verify(matter, data)
    assert verified.certificate.matter.alleged == (matter.state(M1).facts.head_seq,)
    assert verified.is_witnessed
    repeated = repeat_certificate(verified, export(world, matter), matter.ports.policy)
    assert repeated.is_whole
    assert repeated.repeated == len(verified.certificate.requirements) + len(verified.certificate.results) == 3
    assert repeated.absent == ()


def test_certificate_is_signed_by_the_record_key_in_force_and_by_none_that_was_replaced(
    world: World, matter: Organisation
) -> None:
    before = issue(world, matter)
    assert rotate_record_key(matter, world.integrator(matter), SECRETARY, now=world.clock.now)
    after = issue(world, matter)
    assert verify(matter, before).key != verify(matter, after).key
    for data in (before, after):
        repeated = repeat_certificate(verify(matter, data), export(world, matter), matter.ports.policy)
        assert (repeated.is_whole, repeated.is_key_shown) == (True, True)


def test_export_of_a_later_time_gives_the_same_answer(world: World, matter: Organisation) -> None:
    data = issue(world, matter)
    world.clock.pass_time(days=30)
    do(matter, M1, MeetingAlleged(meeting="eve", text="They met."), COMPLAINANT)
    assert repeat_certificate(verify(matter, data), export(world, matter), matter.ports.policy).is_whole


def test_export_that_withholds_refuses_nothing_and_says_what_it_leaves_open(world: World, matter: Organisation) -> None:
    data = issue(world, matter)
    shown = export(world, matter, viewer=COMPLAINANT)
    repeated = repeat_certificate(verify(matter, data), shown, matter.ports.policy)
    assert repeated.repeated + repeated.open_lines == 3
    assert bool(repeated.open_lines) == bool(repeated.why_open)


def test_certificate_names_neither_people_nor_the_matter_nor_acts(world: World, matter: Organisation) -> None:
    data = issue(world, matter)
    said = msgspec.json.decode(data)["certificate"]
    del said["rules"], said["requirements"], said["results"]  # published texts
    told = msgspec.json.encode(said).decode()
    for hidden in (COMPLAINANT, MANAGER, SECRETARY, CUSTODIAN, TO, "report.lodged", "What happened", f'"{M1}"'):
        assert hidden not in told, hidden
    assert f'"{M1}"' not in data.decode()


def test_certificate_changes_nothing_in_the_matter_and_a_closed_one_stays_closed(
    world: World, matter: Organisation
) -> None:
    do(matter, M1, MatterClosed(approved_by=CUSTODIAN), MANAGER)
    before = matter.state(M1, fresh=True).head
    issue(world, matter)
    assert matter.state(M1, fresh=True).head == before
    assert verify_export(export(world, matter), matter.ports.policy).streams[0].closed


def test_issuing_stands_in_the_register_and_tells_for_whom_to_few(world: World, matter: Organisation) -> None:
    data = issue(world, matter, SECRETARY)
    digest = build_certificate_digest(data)
    (event,) = matter.state(READINGS_STREAM, fresh=True).facts.all(CertificateIssued)
    assert (event.actor, event.act.stream, event.act.digest) == (SECRETARY, M1, digest)
    assert find_issued(entered(matter, SECRETARY))[0].to == TO
    assert find_issued(entered(matter, MANAGER))[0].to == TO
    assert find_issued(entered(matter, "chair")) == (Issued(digest, event.recorded_at, SECRETARY, "", is_public=False),)
    assert get_issued(entered(matter, "chair"), digest) == data


@pytest.mark.parametrize("person", [MEMBER, OUTSIDER])
def test_who_has_no_part_is_told_of_no_matter(matter: Organisation, person: str) -> None:
    with pytest.raises(UnknownMatterError):
        entered(matter, person)


def test_witness_may_look_and_not_issue(world: World, matter: Organisation) -> None:
    do(matter, M1, PartyJoined(person=MEMBER, role="witness"), MANAGER)
    assert not may_issue(entered(matter, MEMBER))
    assert not may_publish(entered(matter, MEMBER))
    with pytest.raises(CertificateError):
        issue(world, matter, MEMBER)
    assert not matter.state(READINGS_STREAM, fresh=True).facts.all(CertificateIssued)


def test_published_certificate_is_open_to_anybody_until_it_is_taken_back(world: World, matter: Organisation) -> None:
    data = issue(world, matter)
    digest, now = build_certificate_digest(data), world.clock.now
    with pytest.raises(UnknownMatterError):
        find_published(matter, digest)
    publish_certificate(entered(matter, SECRETARY), digest, now=now)
    publish_certificate(entered(matter, SECRETARY), digest, now=now)
    assert find_published(matter, digest) == data
    assert find_issued(entered(matter))[0].is_public
    publish_certificate(entered(matter, SECRETARY), digest, withdrawn=True, now=now)
    with pytest.raises(UnknownMatterError):
        find_published(matter, digest)
    assert len(matter.state(READINGS_STREAM, fresh=True).facts.all(CertificatePublished)) == 2


def test_case_manager_does_not_publish_for_the_organisation(world: World, matter: Organisation) -> None:
    digest = build_certificate_digest(issue(world, matter))
    with pytest.raises(CertificateError):
        publish_certificate(entered(matter, MANAGER), digest, now=world.clock.now)


def test_only_what_was_issued_of_the_matter_is_published(world: World, matter: Organisation) -> None:
    issue(world, matter)
    rulebook = verify(matter, issue(world, matter)).certificate.rules[0].digest
    with pytest.raises(UnknownMatterError):
        publish_certificate(entered(matter, SECRETARY), rulebook, now=world.clock.now)
    with pytest.raises(UnknownMatterError):
        find_published(matter, rulebook)


def test_entries_not_in_the_log_yet_are_waited_for(world: World, matter: Organisation) -> None:
    world.publish(matter)
    do(matter, M1, MeetingAlleged(meeting="eve", text="They met."), COMPLAINANT)
    now = world.clock.now
    with pytest.raises(StoreError, match="not in a witnessed log yet"):
        issue_certificate(entered(matter), [], is_near=lambda _: False, now=now)
    assert not matter.state(READINGS_STREAM, fresh=True).facts.all(CertificateIssued)


def test_witness_nearby_is_not_called_independent(world: World, matter: Organisation) -> None:
    world.publish(matter)
    for near in (True, False):
        now, near_addresses = world.clock.now, {""} if near else set()
        data = issue_certificate(entered(matter), [], is_near=near_addresses.__contains__, now=now)
        (witness,) = show_certificate(data).witnesses
        assert (witness.is_independent, witness.is_known) == (not near, True)


def test_certificate_beside_a_forged_export_is_refused(world: World, matter: Organisation) -> None:
    data = issue(world, matter)
    forged = bytearray(export(world, matter).getvalue())
    forged[len(forged) // 2] ^= 1
    with pytest.raises(RecordError):
        repeat_certificate(verify(matter, data), BytesIO(bytes(forged)), matter.ports.policy)


def test_register_that_others_keep_writing_to_gives_no_certificate_away(
    world: World, matter: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stale(*_: object) -> None:
        raise StaleReadError("moved")

    world.publish(matter)
    monkeypatch.setattr("alteram.operations.recording.Batch.store", stale)
    now = world.clock.now
    with pytest.raises(BusyError):
        issue_certificate(entered(matter), [], is_near=lambda _: False, now=now)


def test_what_was_destroyed_is_counted_and_turns_nothing_green(world: World, matter: Organisation) -> None:
    assert verify(matter, issue(world, matter)).certificate.matter.destroyed == 0
    shred(matter, M1, scope="entry", entry=0)
    data = issue(world, matter)
    said = verify(matter, data).certificate
    assert said.matter.destroyed == 1
    assert not [one for one in said.requirements if one.result == "PASS"]
    repeated = repeat_certificate(verify(matter, data), export(world, matter), matter.ports.policy)
    assert (repeated.is_whole, repeated.absent) == (True, (0,))
