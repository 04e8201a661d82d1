"""Keys replaced and declared lost: the record says which signs, the old one never again, every proof stays valid."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest

from alteram.core.acts import InterestDeclared, KeyEnrolled, KeyLost, KeyRotated, RecordKeyRotated
from alteram.core.acts.fields import Act
from alteram.core.kernel.identifiers import ORGANISATION_STREAM, PersonId, StreamId
from alteram.core.kernel.outcomes import Refused
from alteram.core.record import iterate_entries
from alteram.core.vault import encode_base64url, parse_statement_leaf
from alteram.operations.integrate import Integrator, LogError
from alteram.operations.keys import (
    KeyChangeError,
    bring_up_to_date,
    declare_key_lost,
    declare_record_key_lost,
    read_key_ring,
    rotate_key,
    rotate_record_key,
)
from alteram.operations.organisation import Organisation
from alteram.operations.perform import perform
from alteram.operations.signing import SigningError
from conformance.verify_export import verify as verify_second
from tests.worlds import (
    CUSTODIAN,
    M1,
    MANAGER,
    MEMBER,
    ORGANISATION,
    OUTSIDER,
    SECRETARY,
    InjectedError,
    World,
    begin_matter,
    do,
    export,
    found_small_body,
    open_world,
    verify,
)

REMARK = InterestDeclared(nature="none", text="None.")


def author_of_newest(organisation: Organisation, stream: StreamId = M1) -> str:
    (*_, stored) = organisation.ports.store.load(ORGANISATION, stream)
    opened = organisation.open(stored)
    assert opened is not None
    claim = opened.presentation.claims["author"]
    assert isinstance(claim, dict)
    return str(claim["key"])


def kid_of_newest(organisation: Organisation, stream: StreamId = M1) -> str:
    (*_, stored) = organisation.ports.store.load(ORGANISATION, stream)
    opened = organisation.open(stored)
    assert opened is not None
    return opened.jwt.kid


def code_of(organisation: Organisation, act: Act, actor: PersonId) -> str:
    ruling = perform(organisation, ORGANISATION_STREAM, act, actor).ruling
    assert isinstance(ruling, Refused), ruling
    return ruling.code


def check_exports(organisation: Organisation, integrator: Integrator) -> None:
    """Both verifiers accept the matter, the newest entries included."""
    bring_up_to_date(integrator)
    integrator.cosign()
    data = export(organisation, M1)
    assert verify(organisation, data).entries > 0
    verify_second(data)


# -- a person's key


def test_rotated_key_signs_from_the_next_act_on_in_every_process(world: World, matter: Organisation) -> None:
    other = world.open()
    do(other, M1, REMARK, CUSTODIAN)  # it has the old key at hand now
    old = author_of_newest(other)
    assert rotate_key(matter, CUSTODIAN, CUSTODIAN)
    assert author_of_newest(matter, ORGANISATION_STREAM) == old  # the act itself is the last that it signs
    for organisation in (matter, other, world.open()):
        do(organisation, M1, REMARK, CUSTODIAN)
        assert author_of_newest(organisation) == read_key_ring(organisation).people[CUSTODIAN] != old


def test_rotated_key_changes_nobody_elses(matter: Organisation) -> None:
    before = read_key_ring(matter).people
    assert rotate_key(matter, CUSTODIAN, SECRETARY)
    after = read_key_ring(matter).people
    assert {person for person in before if before[person] != after[person]} == {CUSTODIAN}


def test_crash_between_the_act_and_the_key_file_is_made_good_by_whoever_signs_next(
    world: World, matter: Organisation
) -> None:
    ports = matter.ports
    staged = ports.signers.stage_author_key(ORGANISATION, CUSTODIAN)
    old = read_key_ring(matter).people[CUSTODIAN]
    new = encode_base64url(staged.public)
    act = KeyRotated(person=CUSTODIAN, scheme="ed25519", public_key=new, replaces=old)
    do(matter, ORGANISATION_STREAM, act, CUSTODIAN)  # and here the process ends
    organisation = world.open()
    do(organisation, M1, REMARK, CUSTODIAN)
    assert author_of_newest(organisation) == new
    assert organisation.ports.signers.author_key(ORGANISATION, CUSTODIAN).public == staged.public


def test_act_that_is_not_stored_leaves_the_old_key_in_force(world: World, matter: Organisation) -> None:
    old = read_key_ring(matter).people[CUSTODIAN]
    world.faults.arm("store.append", "not applied")
    with pytest.raises(InjectedError):
        rotate_key(matter, CUSTODIAN, CUSTODIAN)
    world.faults.disarm()
    organisation = world.open()
    do(organisation, M1, REMARK, CUSTODIAN)
    assert author_of_newest(organisation) == old


def test_person_without_a_key_has_the_one_that_is_held_enrolled(matter: Organisation) -> None:
    assert OUTSIDER not in read_key_ring(matter).people
    assert rotate_key(matter, OUTSIDER, SECRETARY)
    held = matter.ports.signers.author_key(ORGANISATION, OUTSIDER).public
    assert read_key_ring(matter).people[OUTSIDER] == encode_base64url(held)


def test_key_file_from_an_old_backup_signs_nothing(tmp_path: Path) -> None:
    with open_world("sqlite", tmp_path) as world:
        organisation = world.open()
        found_small_body(organisation)
        begin_matter(organisation)
        backup = (world.folder / "apart" / "signers.db").read_bytes()
        assert rotate_key(organisation, CUSTODIAN, CUSTODIAN)
        world.close()
        (world.folder / "apart" / "signers.db").write_bytes(backup)
        with pytest.raises(SigningError, match=r"newest signers\.db"):
            perform(world.open(), M1, REMARK, CUSTODIAN)


NEW = "n" * 43


def rotation(old: str, new: str = NEW, person: PersonId = MEMBER) -> KeyRotated:
    return KeyRotated(person=person, scheme="ed25519", public_key=new, replaces=old)


REFUSED: dict[str, tuple[Callable[[str, str], Act], PersonId, str]] = {
    "another's key": (lambda own, _: rotation(own), CUSTODIAN, "key.not-yours"),
    "enrolling for another": (
        lambda *_: KeyEnrolled(person=OUTSIDER, scheme="ed25519", public_key=NEW), MEMBER, "key.not-yours",
    ),
    "a key that is not in force": (lambda *_: rotation("x" * 43), MEMBER, "key.not-in-force"),
    "the key of another in its place": (rotation, MEMBER, "key.used"),
    "its own key again": (lambda own, _: rotation(own, own), MEMBER, "key.used"),
    "a second enrolment": (
        lambda *_: KeyEnrolled(person=MEMBER, scheme="ed25519", public_key=NEW), MEMBER, "key.enrolled",
    ),
    "a loss by somebody without the office": (
        lambda own, _: KeyLost(kind="person", person=MEMBER, public_key=own), MEMBER, "act.not-yours",
    ),
    "a loss of what was never theirs": (
        lambda _, other: KeyLost(kind="person", person=MEMBER, public_key=other), SECRETARY, "key.unknown",
    ),
    "a loss of nobody's": (lambda own, _: KeyLost(kind="person", public_key=own), SECRETARY, "key.unknown"),
    "the record's by a member": (
        lambda own, _: RecordKeyRotated(public_key=NEW, replaces=own), MEMBER, "act.not-yours",
    ),
    "the record's by a person's": (
        lambda own, other: RecordKeyRotated(public_key=other, replaces=own), SECRETARY, "key.used",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_act_about_a_key_that_is_not_lawful_is_refused(name: str, matter: Organisation) -> None:
    build, actor, code = REFUSED[name]
    people = read_key_ring(matter).people
    assert code_of(matter, build(people[MEMBER], people[MANAGER]), actor) == code
    assert read_key_ring(matter).people == people


def test_key_that_was_replaced_never_comes_back(matter: Organisation) -> None:
    old = read_key_ring(matter).people[MEMBER]
    assert rotate_key(matter, MEMBER, MEMBER)
    now = read_key_ring(matter).people[MEMBER]
    assert code_of(matter, rotation(now, old), MEMBER) == "key.used"


# -- lost


def test_lost_key_is_replaced_first_and_then_declared_lost(matter: Organisation) -> None:
    old = read_key_ring(matter).people[MEMBER]
    assert declare_key_lost(matter, MEMBER, SECRETARY, text="The telephone was stolen.")
    ring = read_key_ring(matter)
    assert old in ring.lost
    assert ring.people[MEMBER] not in {old, *ring.lost}
    do(matter, M1, InterestDeclared(nature="none", text="None."), CUSTODIAN)


def test_secretary_can_replace_their_own_lost_key(matter: Organisation) -> None:
    assert declare_key_lost(matter, SECRETARY, SECRETARY)
    assert rotate_key(matter, MEMBER, SECRETARY)
    assert author_of_newest(matter, ORGANISATION_STREAM) == read_key_ring(matter).people[SECRETARY]


def test_nothing_is_declared_lost_where_the_replacement_was_refused(matter: Organisation) -> None:
    assert not declare_key_lost(matter, MEMBER, CUSTODIAN)
    assert not read_key_ring(matter).lost
    with pytest.raises(KeyChangeError, match="No key"):
        declare_key_lost(matter, OUTSIDER, SECRETARY)


def test_key_in_force_that_was_declared_lost_signs_nothing_but_its_own_replacement(matter: Organisation) -> None:
    old = read_key_ring(matter).people[CUSTODIAN]
    do(matter, ORGANISATION_STREAM, KeyLost(kind="person", person=CUSTODIAN, public_key=old), SECRETARY)
    with pytest.raises(SigningError, match="declared lost"):
        perform(matter, M1, REMARK, CUSTODIAN)
    assert rotate_key(matter, CUSTODIAN, CUSTODIAN)
    do(matter, M1, REMARK, CUSTODIAN)


def test_key_that_its_owner_holds_signs_nothing_here(matter: Organisation) -> None:
    old = read_key_ring(matter).people[CUSTODIAN]
    act = KeyRotated(person=CUSTODIAN, scheme="ed25519", public_key=NEW, replaces=old, held_by="person")
    do(matter, ORGANISATION_STREAM, act, CUSTODIAN)
    with pytest.raises(SigningError, match="holds the key"):
        perform(matter, M1, REMARK, CUSTODIAN)
    assert rotate_key(matter, CUSTODIAN, SECRETARY)
    do(matter, M1, REMARK, CUSTODIAN)


# -- the record's key


def test_rotated_record_key_is_in_the_log_before_it_signs_and_both_verifiers_follow(
    world: World, matter: Organisation
) -> None:
    integrator = world.integrator(matter)
    check_exports(matter, integrator)
    kids = [kid_of_newest(matter)]
    for number in range(3):
        assert rotate_record_key(matter, integrator, CUSTODIAN)
        assert kid_of_newest(matter, ORGANISATION_STREAM) == kids[-1]  # the last that the old one signs
        do(matter if number % 2 else world.open(), M1, REMARK, CUSTODIAN)
        kids.append(kid_of_newest(matter))
    assert len(set(kids)) == 4
    check_exports(matter, integrator)
    entries = [*iterate_entries(BytesIO(export(matter, M1)), matter.ports.policy)]
    assert {entry.presentation.jwt.kid for entry in entries} == set(kids)
    published = published_kids(matter)
    assert sorted(published) == sorted(kids)
    for entry in entries:
        assert published[entry.presentation.jwt.kid] < entry.index


def published_kids(organisation: Organisation) -> dict[str, int]:
    """Return where each record key stands in the log; each stands there once."""
    found: dict[str, int] = {}
    for leaf in organisation.ports.store.leaves(ORGANISATION, 0, 10_000):
        if leaf.leaf[:1] == b"\x03":
            statement = parse_statement_leaf(leaf.leaf)
            if statement["statement"] == "record-key":
                assert statement["kid"] not in found
                found[str(statement["kid"])] = leaf.index
    return found


def test_process_that_has_the_old_record_key_at_hand_follows_the_record(world: World, matter: Organisation) -> None:
    other, integrator = world.open(), world.integrator(matter)
    do(other, M1, REMARK, CUSTODIAN)
    assert rotate_record_key(matter, integrator, SECRETARY)
    for stream in (M1, ORGANISATION_STREAM):
        act = REMARK if stream == M1 else KeyEnrolled(person=OUTSIDER, scheme="ed25519", public_key=NEW)
        do(other, stream, act, CUSTODIAN if stream == M1 else SECRETARY)
        assert kid_of_newest(other, stream) == other.ports.signers.record_key(ORGANISATION).kid
    check_exports(other, integrator)


def test_crash_before_the_record_key_is_in_its_place_is_made_good(world: World, matter: Organisation) -> None:
    integrator = world.integrator(matter)
    world.faults.arm("store.append", "not applied")
    with pytest.raises(InjectedError):  # published, never named: it does no harm
        rotate_record_key(matter, integrator, SECRETARY)
    world.faults.disarm()
    first = kid_of_newest(matter, ORGANISATION_STREAM)
    world.faults.arm("store.append", "applied")
    with pytest.raises(InjectedError):
        rotate_record_key(world.open(), integrator, SECRETARY)
    world.faults.disarm()
    organisation = world.open()
    do(organisation, M1, REMARK, CUSTODIAN)
    kid = kid_of_newest(organisation)
    assert kid != first
    assert len(published_kids(organisation)) == 3
    check_exports(organisation, integrator)


def test_record_key_is_not_rotated_by_whoever_may_not(world: World, matter: Organisation) -> None:
    integrator = world.integrator(matter)
    bring_up_to_date(integrator)
    before = matter.ports.store.size(ORGANISATION)
    assert not rotate_record_key(matter, integrator, MEMBER)
    assert matter.ports.store.count_pending(ORGANISATION) + matter.ports.store.size(ORGANISATION) - before == 1
    assert len(published_kids(matter)) == 1  # what waits is the attempt


def test_record_key_is_not_rotated_while_the_log_cannot_be_signed(world: World, matter: Organisation) -> None:
    integrator = world.integrator(matter)
    bring_up_to_date(integrator)
    world.signed_at_ns -= 60_000_000_000
    with pytest.raises(LogError):
        rotate_record_key(matter, integrator, SECRETARY)
    assert read_key_ring(matter).record is None


def test_lost_record_key_is_replaced_and_declared_lost(world: World, matter: Organisation) -> None:
    integrator = world.integrator(matter)
    old = encode_base64url(matter.ports.signers.record_key(ORGANISATION).public)
    assert declare_record_key_lost(matter, integrator, CUSTODIAN, text="Found on a memory stick.")
    ring = read_key_ring(matter)
    assert ring.lost == {old}
    assert ring.record not in {None, old}
    check_exports(matter, integrator)
    assert not declare_record_key_lost(matter, integrator, MEMBER)
