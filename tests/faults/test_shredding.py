"""Shredding destroys exactly what it names, everywhere, and nothing else; whatever fails or runs at the same time."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from pysqlite3 import dbapi2 as sqlite3

from alteram.adapters.db import open_sqlite
from alteram.core.acts import (
    CaseManagerAssigned,
    CorrectionMade,
    InterestDeclared,
    MatterClosed,
    PartyJoined,
    RecordShredded,
    RetentionHeld,
    SecondKeyGiven,
)
from alteram.core.kernel.identifiers import StreamId
from alteram.core.kernel.outcomes import Refused
from alteram.core.vault import VaultError
from alteram.core.vault.sealing import unwrap_keys
from alteram.operations.organisation import Organisation
from alteram.operations.perform import BusyError, perform, perform_many
from alteram.operations.ports import StoredEntry, StoreError
from alteram.operations.questions import find_timeline
from alteram.operations.read_tables import rebuild
from alteram.operations.receipts import find_receipt
from alteram.operations.recording import Proposal
from conformance.verify_export import verify as verify_again
from tests.patience import HANGS
from tests.worlds import (
    CHAIR,
    COMPLAINANT,
    CUSTODIAN,
    M1,
    MANAGER,
    MEMBER,
    ORGANISATION,
    RESPONDENT,
    SECRETARY,
    InjectedError,
    Mode,
    World,
    begin_matter,
    check_log,
    do,
    export,
    find_checkpoint,
    found_small_body,
    report,
    shred,
    verify,
)

SECRET = "They shouted at the door of the third office."
REASON = "It is grave."


def stored_entries(organisation: Organisation, stream: StreamId = M1) -> list[StoredEntry]:
    return list(organisation.ports.store.load(ORGANISATION, stream))


def readable(organisation: Organisation, stream: StreamId = M1) -> dict[int, frozenset[str]]:
    """Return what can be read: the claims of each entry, none where the entry is gone."""
    opened = [(one.seq, organisation.open(one)) for one in stored_entries(organisation, stream)]
    return {seq: frozenset() if one is None else frozenset(one.presentation.claims) for seq, one in opened}


def acknowledged(organisation: Organisation, *streams: StreamId) -> dict[tuple[StreamId, int], bytes]:
    return {(name, one.seq): one.leaf_hash for name in streams for one in stored_entries(organisation, name)}


def begin_with_secret(organisation: Organisation) -> None:
    """Begin a matter whose first entry holds what must go."""
    do(organisation, M1, report(SECRET, people=[RESPONDENT]), COMPLAINANT)
    do(organisation, M1, CaseManagerAssigned(person=MANAGER), CUSTODIAN)
    do(organisation, M1, PartyJoined(person=RESPONDENT, role="respondent"), MANAGER)
    do(organisation, M1, InterestDeclared(nature="none", text=REASON), MANAGER)


@pytest.fixture
def body(world: World) -> Organisation:
    opened = world.open()
    found_small_body(opened)
    begin_with_secret(opened)
    return opened


SCOPES: dict[str, dict[str, Any]] = {
    "fields": {"scope": "fields", "entry": 0, "fields": ("text",)},
    "entry": {"scope": "entry", "entry": 0},
    "matter": {"scope": "matter"},
}


def gone_after(scope: str, before: dict[int, frozenset[str]]) -> dict[int, frozenset[str]]:
    """Return what must still be readable of the entries that were there, by the definition of each scope."""
    if scope == "matter":
        return dict.fromkeys(before, frozenset())
    return before | {0: before[0] - {"act.text"} if scope == "fields" else frozenset()}


@pytest.mark.parametrize("scope", SCOPES)
def test_exactly_what_is_named_is_gone_and_every_proof_still_holds(
    world: World, body: Organisation, scope: str
) -> None:
    world.publish(body)
    receipts = [find_receipt(body, M1, seq) for seq in range(4)]
    if scope == "matter":
        do(body, M1, MatterClosed(approved_by=CHAIR), MANAGER)
    before = readable(body)
    assert shred(body, M1, **SCOPES[scope])
    world.publish(body)
    expected = gone_after(scope, before)
    for organisation in (body, world.open()):
        after = readable(organisation)
        assert {seq: after[seq] for seq in before if seq in expected} == expected
        # The act that shreds stays, and so does the second key, except where the whole matter went.
        assert "act.legal_basis" in after[max(after)]
    check_log(body.ports, acknowledged(body, M1, StreamId("organisation")))
    for index, receipt in enumerate(receipts):
        assert receipt is not None
        again = find_receipt(body, M1, index) if after[index] else None
        assert again is None or again.extra == receipt.extra
    told = verify(body, export(body, M1))
    assert told.entries == sum(1 for claims in after.values() if claims) + len(readable(body, StreamId("organisation")))
    verify_again(export(body, M1), None)


def test_shredded_fields_are_withheld_from_timeline_and_export(world: World, body: Organisation) -> None:
    world.publish(body)
    whole = export(body, M1)
    assert shred(body, M1, scope="fields", entry=0, fields=("text", "people"))
    world.publish(body)
    told = verify(body, export(body, M1))
    assert told.fields_withheld > verify(body, whole).fields_withheld
    shown = find_timeline(body, M1, CUSTODIAN)[0].claims
    assert "act.identity" in shown
    assert not {"act.text", "act.people"} & shown.keys()


@pytest.mark.parametrize("scope", SCOPES)
def test_read_tables_say_nothing_of_what_is_gone_and_equal_those_rebuilt(
    world: World, body: Organisation, scope: str
) -> None:
    do(body, M1, MatterClosed(approved_by=CHAIR), MANAGER)
    assert shred(body, M1, **SCOPES[scope])
    _, parties = body.ports.store.dump_read_tables(ORGANISATION)
    assert (COMPLAINANT in {one.person for one in parties}) == (scope == "fields")
    assert (RESPONDENT in {one.person for one in parties}) == (scope != "matter")
    assert rebuild(world.open()).differing == 0


def test_process_that_read_before_a_shredding_forgets_what_is_gone(world: World, body: Organisation) -> None:
    other = world.open()
    assert other.facts(M1).holdings
    assert shred(body, M1, scope="entry", entry=0)
    do(other, M1, PartyJoined(person=MEMBER, role="witness"), MANAGER)
    _, parties = body.ports.store.dump_read_tables(ORGANISATION)
    assert COMPLAINANT not in {one.person for one in parties}
    assert MEMBER in {one.person for one in parties}
    assert other.facts(M1).matter == world.open().facts(M1).matter
    assert rebuild(world.open()).differing == 0


def test_acts_before_and_after_a_shredding_in_one_call_stay_readable(world: World, body: Organisation) -> None:
    acts = [
        (SecondKeyGiven(to_act="record.shredded", text="I agree."), SECRETARY),
        (RecordShredded(scope="entry", entry=0, legal_basis="erasure", second=SECRETARY), CUSTODIAN),
        (InterestDeclared(nature="none", text="Nothing."), CUSTODIAN),
    ]
    assert all(perform_many(body, [Proposal(M1, act, actor) for act, actor in acts]))
    after = readable(world.open())
    assert [bool(after[seq]) for seq in range(7)] == [False, True, True, True, True, True, True]


def test_one_person_alone_shreds_nothing(body: Organisation) -> None:
    before = readable(body)
    do(body, M1, SecondKeyGiven(to_act="record.shredded"), CUSTODIAN)
    act = RecordShredded(scope="entry", entry=0, legal_basis="erasure", second=CUSTODIAN)
    refused = perform(body, M1, act, CUSTODIAN).ruling
    assert isinstance(refused, Refused)
    assert refused.code == "shredding.second-key"
    assert {seq: readable(body)[seq] for seq in before} == before


def test_second_key_turns_once(body: Organisation) -> None:
    assert shred(body, M1, scope="fields", entry=0, fields=("text",))
    act = RecordShredded(scope="entry", entry=0, legal_basis="erasure", second=SECRETARY)
    refused = perform(body, M1, act, CUSTODIAN).ruling
    assert isinstance(refused, Refused)
    assert refused.code == "shredding.second-key"
    assert readable(body)[0]


def test_held_matter_and_open_matter_are_not_shredded(body: Organisation) -> None:
    refused = shred(body, M1, scope="matter").ruling
    assert isinstance(refused, Refused)
    assert refused.code == "shredding.open"
    do(body, M1, RetentionHeld(reasons="A court asked."), CUSTODIAN)
    refused = shred(body, M1, scope="entry", entry=0).ruling
    assert isinstance(refused, Refused)
    assert refused.code == "shredding.held"


def test_what_is_gone_already_cannot_be_shredded_again(body: Organisation) -> None:
    assert shred(body, M1, scope="fields", entry=0, fields=("text",))
    with pytest.raises(StoreError, match="no such field"):
        shred(body, M1, scope="fields", entry=0, fields=("text",))
    with pytest.raises(StoreError, match="no such field"):
        shred(body, M1, scope="fields", entry=0, fields=())
    before = readable(body)
    assert before[0] == readable(body)[0] != frozenset()


# -- nothing is left in any file


def all_bytes(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("scope", SCOPES)
def test_no_file_holds_key_wrapping_or_text_of_what_is_gone(sqlite_world: World, scope: str) -> None:
    world = sqlite_world
    body = world.open()
    found_small_body(body)
    begin_with_secret(body)
    world.integrator(body).run()
    do(body, M1, MatterClosed(approved_by=CHAIR), MANAGER)
    first = stored_entries(body)[0]
    assert first.wrapped_keys is not None
    stream_key = body.stream_key(M1)
    keys = unwrap_keys(first.wrapped_keys, first.leaf, stream_key)
    opened = body.open(first)
    assert opened is not None
    place = next(at for at, one in enumerate(opened.disclosures) if one is not None and one.name == "act.text")
    assert any(first.wrapped_keys in data for data in all_bytes(world.folder).values())
    assert shred(body, M1, **SCOPES[scope])
    forbidden = {
        "the field's key": keys[place + 1],
        "the stream's old key": stream_key,
        "the old wrapping": first.wrapped_keys[12:],
        "the text": SECRET.encode(),
    }
    if scope != "fields":
        forbidden |= {f"key {at} of the entry": key for at, key in enumerate(keys)}
    for name, data in all_bytes(world.folder).items():
        for what, secret in forbidden.items():
            assert secret not in data, f"{name} holds {what}"
    # Everything else of the wrapping is gone too, not only where it began.
    for name, data in all_bytes(world.folder).items():
        assert first.wrapped_keys[-48:] not in data, name


def test_text_in_the_clear_is_in_no_file_at_any_time(sqlite_world: World) -> None:
    body = sqlite_world.open()
    found_small_body(body)
    begin_with_secret(body)
    sqlite_world.integrator(body).run()
    for name, data in all_bytes(sqlite_world.folder).items():
        assert SECRET.encode() not in data, name
        assert COMPLAINANT.encode() not in data or name.startswith(("record.db", "apart/signers.db")), name


@pytest.mark.parametrize("scope", SCOPES)
def test_backup_of_the_database_opens_nothing_of_the_stream_with_the_keys_of_today(
    sqlite_world: World, tmp_path: Path, scope: str
) -> None:
    world = sqlite_world
    body = world.open()
    found_small_body(body)
    begin_with_secret(body)
    do(body, M1, MatterClosed(approved_by=CHAIR), MANAGER)
    saved = tmp_path / "backup.db"
    connection = sqlite3.connect(str(world.folder / "record.db"))
    connection.execute("VACUUM INTO ?", (str(saved),))
    connection.close()
    assert shred(body, M1, **SCOPES[scope])
    backup = open_sqlite(saved)
    today = body.ports.keys.get_stream_key(ORGANISATION, M1)
    assert body.ports.keys.find_staged_keys(ORGANISATION, M1) == ()
    try:
        for stored in backup.load(ORGANISATION, M1):
            assert stored.wrapped_keys is not None
            with pytest.raises(VaultError, match="do not open"):
                unwrap_keys(stored.wrapped_keys, stored.leaf, today)
    finally:
        backup.close()


# -- every write of the rotation fails, in both ways

POINTS = ("keys.stage_stream_key", "store.append", "keys.promote_stream_key")
MODES: tuple[Mode, ...] = ("not applied", "applied")


@pytest.mark.parametrize("same_process", [True, False], ids=["same process", "new process"])
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("point", POINTS)
def test_failure_in_the_rotation_leaves_all_or_exactly_the_named_unreadable(
    world: World, body: Organisation, point: str, mode: Mode, *, same_process: bool
) -> None:
    do(body, M1, SecondKeyGiven(to_act="record.shredded"), SECRETARY)
    before = readable(body)
    act = RecordShredded(scope="fields", entry=0, fields=("text",), legal_basis="erasure", second=SECRETARY)
    world.faults.arm(point, mode)
    with pytest.raises(InjectedError):
        perform(body, M1, act, CUSTODIAN)
    assert world.faults.struck == 1
    world.faults.disarm()
    organisation = body if same_process else world.open()
    # Somebody writes on before anything was mended: it must not be lost.
    written = do(organisation, M1, InterestDeclared(nature="none", text="Written meanwhile."), CUSTODIAN)
    recorded = point == "keys.promote_stream_key" or (point, mode) == ("store.append", "applied")
    for reader in (organisation, world.open(), body):
        after = readable(reader)
        expected = gone_after("fields", before) if recorded else before
        assert {seq: after[seq] for seq in before} == expected
        assert written.seq is not None
        assert "act.text" in after[written.seq]
    if not recorded:
        assert perform(organisation, M1, act, CUSTODIAN)
        assert readable(world.open())[0] == before[0] - {"act.text"}
    assert body.ports.keys.find_staged_keys(ORGANISATION, M1) == ()
    assert rebuild(world.open()).differing == 0
    world.integrator(world.open()).run()
    check_log(body.ports, acknowledged(body, M1))


def test_key_of_a_refused_try_opens_nothing_and_is_gone_after_the_next(world: World, body: Organisation) -> None:
    do(body, M1, SecondKeyGiven(to_act="record.shredded"), SECRETARY)
    act = RecordShredded(scope="entry", entry=0, legal_basis="erasure", second=SECRETARY)
    for _ in range(3):
        world.faults.arm("store.append", "not applied")
        with pytest.raises(InjectedError):
            perform(body, M1, act, CUSTODIAN)
    staged = body.ports.keys.find_staged_keys(ORGANISATION, M1)
    assert len(staged) == 3
    for stored in stored_entries(body):
        assert stored.wrapped_keys is not None
        for key in staged:
            with pytest.raises(VaultError):
                unwrap_keys(stored.wrapped_keys, stored.leaf, key)
    world.faults.disarm()
    assert perform(body, M1, act, CUSTODIAN)
    assert body.ports.keys.find_staged_keys(ORGANISATION, M1) == ()


# -- at the same time


def try_until_done(work: Callable[[], bool]) -> None:
    for _ in range(200):
        try:
            if work():
                return
        except BusyError:
            continue
    raise AssertionError("it never came through")


def test_two_shred_at_once_while_one_writes_and_nothing_else_is_lost(world: World, body: Organisation) -> None:
    for seq in range(12):
        do(body, M1, InterestDeclared(nature="none", text=f"Entry {seq}."), CUSTODIAN)
    before = readable(body)
    shredders = [(world.open(), 0), (world.open(), 5)]
    writer = world.open()
    written: list[int] = []

    def shred_one(organisation: Organisation, entry: int) -> None:
        def once() -> bool:
            do(organisation, M1, SecondKeyGiven(to_act="record.shredded"), SECRETARY)
            act = RecordShredded(scope="entry", entry=entry, legal_basis="erasure", second=SECRETARY)
            return bool(perform(organisation, M1, act, CUSTODIAN))

        try_until_done(once)

    def write() -> None:
        for number in range(20):

            def once(number: int = number) -> bool:
                done = do(writer, M1, CorrectionMade(entry=1, reasons=f"Number {number}."), MANAGER)
                written.append(done.seq if done.seq is not None else -1)
                return True

            try_until_done(once)

    with ThreadPoolExecutor(3) as pool:
        waiting = [pool.submit(shred_one, *each) for each in shredders]
        waiting.append(pool.submit(write))
        for one in waiting:
            one.result(HANGS)
    after = readable(world.open())
    expected = before | {0: frozenset(), 5: frozenset()}
    assert {seq: after[seq] for seq in before} == expected
    assert all("act.reasons" in after[seq] for seq in written)
    assert sorted(after) == list(range(len(after)))
    assert sum(not claims for claims in after.values()) == 2
    world.integrator(world.open()).run()
    check_log(body.ports, acknowledged(body, M1))
    assert rebuild(world.open()).differing == 0


def test_log_takes_what_was_shredded_before_it_was_integrated(world: World, matter: Organisation) -> None:
    assert shred(matter, M1, scope="entry", entry=0)
    waiting = matter.ports.store.count_pending(ORGANISATION)
    assert world.integrator(matter).run().added == waiting
    world.publish(matter)
    checkpoint = find_checkpoint(matter.ports)
    assert checkpoint is not None
    check_log(matter.ports, acknowledged(matter, M1))
    verify(matter, export(matter, M1))


def test_founding_people_are_not_touched_by_shredding_a_matter(world: World, body: Organisation) -> None:
    before = readable(body, StreamId("organisation"))
    begin_matter(body, StreamId("m2"))
    do(body, M1, MatterClosed(approved_by=CHAIR), MANAGER)
    assert shred(body, M1, scope="matter")
    assert readable(world.open(), StreamId("organisation")) == before
    assert all(readable(world.open(), StreamId("m2")).values())


def test_entry_of_which_a_structural_field_is_gone_can_still_be_shredded_as_a_whole(body: Organisation) -> None:
    assert shred(body, M1, scope="fields", entry=0, fields=("people", "identity"))
    assert body.facts(M1).matter.find(0) is None
    assert shred(body, M1, scope="entry", entry=0)
    assert readable(body)[0] == frozenset()
