"""A new log after one that can no longer be signed: nothing changed, nothing left out, and what is lost is said."""

import json
import shutil
import stat
from contextlib import closing
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest

from alteram.adapters.rulebooks import load_packs, load_rulebook
from alteram.adapters.witness import build_policy_lines, create_witness
from alteram.bootstrap import Opened, create, open_folder, succeed_log
from alteram.bootstrap.folder import read_configuration
from alteram.bootstrap.succession import _begin_log
from alteram.core.acts import (
    KeyLost,
    KeyRotated,
    LogSucceeded,
    OrganisationFounded,
    RecordKeyRotated,
    ReportLodged,
)
from alteram.core.kernel.identifiers import ORGANISATION_STREAM, PersonId, StreamId
from alteram.core.record import VerificationReport, verify_export
from alteram.core.tlog import Checkpoint, parse_checkpoint, parse_note_unverified, parse_policy
from alteram.core.tlog.keys import parse_verifier_key
from alteram.core.vault import encode_base64url, parse_statement_leaf
from alteram.operations.audit import audit_log
from alteram.operations.exporting import export_matter
from alteram.operations.founding import found
from alteram.operations.integrate import LogError
from alteram.operations.keys import rotate_key, rotate_record_key
from alteram.operations.perform import perform
from alteram.operations.ports import StoreError
from alteram.operations.rulebooks import adopt_rulebook
from alteram.operations.succession import STATEMENT, SuccessionError
from conformance.verify_export import verify as verify_second
from tests.oracle import mth
from tests.worlds import published_leaves

SECRETARY, MEMBER = PersonId("m02"), PersonId("m05")
OLD, NEW = "club.example/log", "club.example/log-2"
MATTER = StreamId("row")
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


class Clock:
    """A clock that advances by a second each time it is read."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def home(tmp_path: Path, clock: Clock) -> Path:
    """A club with a matter, all of it in its log, and one report that is not there yet."""
    home = tmp_path / "club"
    create(home, organisation="club", origin=OLD)
    rules = load_rulebook("small-club")
    with closing(open_folder(home, clock=clock)) as opened:
        act = OrganisationFounded(name="A club", kind="club", jurisdiction="none", time_zone="UTC", secretary=SECRETARY)
        found(opened.organisation, act, members=(SECRETARY, MEMBER))
        assert adopt_rulebook(opened.organisation, rules, SECRETARY, packs=load_packs(rules))
        report(opened, MATTER)
        opened.integrator.run()
        report(opened, StreamId("waiting"))
    return home


def report(opened: Opened, matter: StreamId, text: str = "It was so.") -> None:
    assert perform(opened.organisation, matter, ReportLodged(identity="named", about="person", text=text), MEMBER)


def head_of(log: Path) -> Checkpoint:
    return parse_checkpoint(parse_note_unverified((log / "checkpoint").read_bytes()).text)


def export(opened: Opened) -> bytes:
    target = BytesIO()
    export_matter(opened.organisation, MATTER, target)
    return target.getvalue()


def verify(data: bytes, policy: bytes) -> VerificationReport:
    verify_second(data, policy)
    return verify_export(BytesIO(data), parse_policy(policy))


def statements(opened: Opened) -> list[dict[str, object]]:
    leaves = published_leaves(opened.organisation.ports)
    return [dict(parse_statement_leaf(leaf)) for leaf in leaves if leaf[:1] == b"\x03"]


def check_new_log(home: Path, clock: Clock, old: Checkpoint, *, carried: int) -> None:
    """The new log begins with the carried leaves as they were, says once what it follows, audits, and verifies."""
    with closing(open_folder(home, clock=clock)) as opened:
        report(opened, StreamId("afterwards"))
        opened.integrator.run()
        ports = opened.organisation.ports
        leaves = published_leaves(ports)
        note = parse_note_unverified((opened.log / "checkpoint").read_bytes())
        keys = [parse_verifier_key(line) for line in (opened.log / "log.vkey").read_text().splitlines()]
        assert audit_log(ports.tiles.get_tile, note, keys).ok
        if carried == old.size:
            assert mth(leaves[:carried]) == old.root
        told = [one for one in statements(opened) if one["statement"] == STATEMENT]
        assert told == [
            {
                "carried": carried,
                "follows": OLD,
                "organisation": "club",
                "origin": NEW,
                "root": encode_base64url(old.root),
                "size": old.size,
                "statement": STATEMENT,
            }
        ]
        acts = opened.organisation.facts(ORGANISATION_STREAM).matter.all(LogSucceeded)
        assert [one.act for one in acts] == [LogSucceeded(origin=OLD, last_size=old.size, last_root=old.root.hex())]
        data = export(opened)
    report_of = verify(data, (home / "policy").read_bytes())
    assert report_of.checkpoint.origin == NEW
    assert any(OLD in one for one in report_of.notes)


def test_log_whose_lock_was_lost_is_succeeded_by_one_that_begins_with_all_of_it(home: Path, clock: Clock) -> None:
    old = head_of(home / "log")
    (home / "apart" / "checkpoint.db").unlink()
    with closing(open_folder(home, clock=clock)) as opened, pytest.raises(LogError):
        opened.integrator.run()
    told = succeed_log(home, NEW, SECRETARY, clock=clock)
    assert (told.old, told.carried, told.lost) == (old, old.size, 0)
    check_new_log(home, clock, old, carried=old.size)
    with closing(open_folder(home, clock=clock)) as opened:
        facts = opened.organisation.facts(ORGANISATION_STREAM).matter
        assert not facts.all(KeyLost)  # they were all there
        assert not facts.all(RecordKeyRotated)


def test_old_log_stays_and_what_was_exported_under_it_still_verifies(home: Path, clock: Clock) -> None:
    policy = (home / "policy").read_bytes()
    with closing(open_folder(home, clock=clock)) as opened:
        data = export(opened)
    before = {path: path.read_bytes() for path in (home / "log").rglob("*") if path.is_file()}
    succeed_log(home, NEW, SECRETARY, clock=clock)
    assert {path: path.read_bytes() for path in (home / "log").rglob("*") if path.is_file()} == before
    modes = {stat.S_IMODE(path.stat().st_mode) for path in [home / "log", *(home / "log").rglob("*")]}
    assert modes == {0o444, 0o555}
    assert verify(data, policy).checkpoint.origin == OLD
    assert (home / "log" / "policy").read_bytes() == policy != (home / "policy").read_bytes()


def test_witnesses_of_the_policy_stay_and_the_keys_of_the_log_are_new(home: Path, clock: Clock) -> None:
    keys = create_witness(home.parent / "witness", "witness.example")
    lines = build_policy_lines(keys, "https://witness.example")
    text = (home / "policy").read_text().replace("quorum none", f"{lines}quorum witness.example")
    (home / "policy").write_text(text)
    old = parse_policy(text.encode())
    assert old.quorum == "witness.example"
    succeed_log(home, NEW, SECRETARY, clock=clock)
    new = parse_policy((home / "policy").read_bytes())
    assert (new.witnesses, new.groups, new.quorum) == (old.witnesses, old.groups, old.quorum)
    assert not {one.key.public for one in new.logs} & {one.key.public for one in old.logs}
    assert {one.key.name for one in new.logs} == {NEW}


def test_all_signing_keys_lost_are_replaced_and_the_loss_is_recorded(home: Path, clock: Clock) -> None:
    old = head_of(home / "log")
    old_key = parse_verifier_key((home / "log" / "log.vkey").read_text().splitlines()[0])
    (home / "apart" / "signers.db").unlink()
    with pytest.raises(StoreError, match="alteram log succeed"):
        open_folder(home, clock=clock)
    succeed_log(home, NEW, SECRETARY, clock=clock)
    check_new_log(home, clock, old, carried=old.size)
    with closing(open_folder(home, clock=clock)) as opened:
        facts = opened.organisation.facts(ORGANISATION_STREAM).matter
        assert [one.act.public_key for one in facts.all(KeyLost)] == [encode_base64url(old_key.public)]
        assert {one.act.person for one in facts.all(KeyRotated)} == {SECRETARY, MEMBER}
        assert len(facts.all(RecordKeyRotated)) == 1
        kids = [one["kid"] for one in statements(opened) if one["statement"] == "record-key"]
        assert len(kids) == len(set(kids)) == 2


def test_key_file_from_before_a_rotation_is_renewed(home: Path, clock: Clock) -> None:
    backup = (home / "apart" / "signers.db").read_bytes()
    with closing(open_folder(home, clock=clock)) as opened:
        assert rotate_key(opened.organisation, SECRETARY, SECRETARY)
        assert rotate_record_key(opened.organisation, opened.integrator, SECRETARY)
        opened.integrator.run()
    old = head_of(home / "log")
    (home / "apart" / "signers.db").write_bytes(backup)
    succeed_log(home, NEW, SECRETARY, clock=clock)
    check_new_log(home, clock, old, carried=old.size)


def older_store(home: Path, clock: Clock) -> None:
    """Put back a copy of the record from before the newest entries of the log."""
    copy = home.parent / "copy.db"
    with closing(open_folder(home, clock=clock)) as opened:
        opened.organisation.ports.store.find_head(opened.organisation.ports.organisation, MATTER)
    shutil.copy(home / "record.db", copy)
    with closing(open_folder(home, clock=clock)) as opened:
        for number in range(3):
            report(opened, StreamId(f"later-{number}"))
        opened.integrator.run()
    for path in home.glob("record.db*"):
        path.unlink()
    shutil.copy(copy, home / "record.db")


def test_entries_that_only_the_old_log_holds_are_lost_only_when_that_is_accepted(home: Path, clock: Clock) -> None:
    with closing(open_folder(home, clock=clock)) as opened:
        opened.integrator.run()
        kept = opened.organisation.ports.store.size(opened.organisation.ports.organisation)
    older_store(home, clock)
    old = head_of(home / "log")
    assert old.size == kept + 3
    before = (home / "organisation.json").read_bytes()
    with pytest.raises(SuccessionError, match="accept-loss"):
        succeed_log(home, NEW, SECRETARY, clock=clock)
    assert (home / "organisation.json").read_bytes() == before
    assert not (home / "log-2").exists()
    told = succeed_log(home, NEW, SECRETARY, clock=clock, accept_loss=True)
    assert (told.carried, told.lost) == (kept, 3)
    check_new_log(home, clock, old, carried=kept)


def another_record(home: Path, clock: Clock) -> None:
    """Put the record of another organisation of this name in the place of its own."""
    other = home.parent / "other"
    create(other, organisation="club", origin=OLD)
    with closing(open_folder(other, clock=clock)) as opened:
        act = OrganisationFounded(name="A club", kind="club", jurisdiction="none", time_zone="UTC", secretary=SECRETARY)
        found(opened.organisation, act, members=(SECRETARY, MEMBER))
        for number in range(20):
            report(opened, StreamId(f"other-{number}"))
        opened.integrator.run()
    for name in ("record.db", "apart/root.key", "apart/streams.db"):
        shutil.copy(other / name, home / name)
    for path in (*home.glob("record.db-*"),):
        path.unlink()


@pytest.mark.parametrize("accept_loss", [False, True])
def test_record_that_is_not_the_old_logs_is_refused(home: Path, clock: Clock, accept_loss: bool) -> None:
    another_record(home, clock)
    with pytest.raises(SuccessionError, match="does not hold the entries"):
        succeed_log(home, NEW, SECRETARY, clock=clock, accept_loss=accept_loss)


@pytest.mark.parametrize(
    ("origin", "actor", "problem"),
    [
        (OLD, SECRETARY, "the name of the log there is"),
        (NEW, MEMBER, "act.not-yours"),
        (NEW, PersonId("stranger"), "matter.unknown"),
    ],
)
def test_succession_that_is_not_lawful_changes_nothing(
    origin: str, actor: PersonId, problem: str, home: Path, clock: Clock
) -> None:
    before = {path: path.read_bytes() for path in home.rglob("*") if path.is_file() and "record.db" not in path.name}
    with pytest.raises(SuccessionError, match=problem):
        succeed_log(home, origin, actor, clock=clock)
    after = {path: path.read_bytes() for path in home.rglob("*") if path.is_file() and "record.db" not in path.name}
    assert after == before


def test_name_of_an_older_log_is_not_taken_again_and_a_third_log_follows_the_second(home: Path, clock: Clock) -> None:
    succeed_log(home, NEW, SECRETARY, clock=clock)
    with pytest.raises(SuccessionError, match="was here before"):
        succeed_log(home, OLD, SECRETARY, clock=clock)
    second = head_of(home / "log-2")
    told = succeed_log(home, "club.example/third", SECRETARY, clock=clock)
    assert told.old == second
    with closing(open_folder(home, clock=clock)) as opened:
        assert opened.log.name == "log-3"
        assert [one["follows"] for one in statements(opened) if one["statement"] == STATEMENT] == [OLD, NEW]


def cut_after_naming(home: Path) -> None:
    """Leave what is left when it is cut short once the folder names the new log: the policy is still the old one."""
    shutil.copy(home / "log" / "policy", home / "policy")


@pytest.mark.parametrize("opened_between", [False, True])
def test_succession_that_was_cut_short_is_finished_by_asking_again(
    home: Path, clock: Clock, opened_between: bool
) -> None:
    old = head_of(home / "log")
    _begin_log(home, read_configuration(home), NEW, SECRETARY, accept_loss=False, clock=clock)
    cut_after_naming(home)
    if opened_between:
        with closing(open_folder(home, clock=clock)) as opened:
            report(opened, StreamId("between"))
            opened.integrator.run()
    for _ in range(2):
        succeed_log(home, NEW, SECRETARY, clock=clock)
    check_new_log(home, clock, old, carried=old.size)


def test_folder_names_the_log_it_follows(home: Path, clock: Clock) -> None:
    old = head_of(home / "log")
    succeed_log(home, NEW, SECRETARY, clock=clock)
    told = json.loads((home / "organisation.json").read_text())
    assert (told["origin"], told["log"]) == (NEW, "log-2")
    assert told["follows"] == {
        "origin": OLD,
        "size": old.size,
        "root": old.root.hex(),
        "carried": old.size,
        "log": "log",
    }
