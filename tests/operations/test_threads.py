"""One organisation shared by the threads of one process, as a web worker shares it: what was acknowledged is there."""

import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, cast

import pytest

from alteram.core.acts import KeyRotated, RecordShredded, SecondKeyGiven
from alteram.core.acts.fields import Act
from alteram.core.kernel.identifiers import ORGANISATION_STREAM, OrganisationId, PersonId, StreamId
from alteram.core.matters import StreamFacts, fold_events
from alteram.core.tlog import hash_leaf
from alteram.core.vault import encode_base64url
from alteram.operations import organisation as organisation_module
from alteram.operations.keys import rotate_key
from alteram.operations.organisation import Organisation
from alteram.operations.perform import BusyError, Performed
from alteram.operations.ports import KeyStore
from alteram.operations.questions import assess_matter, find_timeline
from alteram.operations.recent import Recent
from alteram.operations.running import run_log
from alteram.operations.shredding import finish_shredding
from tests.operations.test_perform import note
from tests.patience import HANGS
from tests.worlds import (
    COMPLAINANT,
    CUSTODIAN,
    M1,
    ORGANISATION,
    SECRETARY,
    Kind,
    World,
    begin_matter,
    check_log,
    do,
    found_small_body,
    open_world,
    report,
)

THREADS = 8
EACH = 10
Acknowledged = dict[tuple[StreamId, int], bytes]


@pytest.fixture(autouse=True)
def _switch_often() -> Iterator[None]:
    """Let threads take turns far more often than they would."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(before)


@pytest.fixture(params=["sqlite", "postgresql"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    kind: Kind = request.param
    url = request.getfixturevalue("postgresql_url") if kind == "postgresql" else ""
    with open_world(kind, tmp_path, url=url) as opened:
        yield opened


@pytest.fixture
def shared(world: World) -> Organisation:
    opened = world.open()
    found_small_body(opened)
    begin_matter(opened)
    return opened


def at_once(*work: Callable[[], None]) -> None:
    """Do all of it in a thread each, begun together; what fails in one fails the test."""
    failed: list[BaseException] = []
    begin = threading.Barrier(len(work))

    def run(one: Callable[[], None]) -> None:
        begin.wait(HANGS)
        try:
            one()
        except BaseException as error:  # noqa: BLE001 - it is raised again in the test
            failed.append(error)

    threads = [threading.Thread(target=run, args=(one,)) for one in work]
    for one in threads:
        one.start()
    for one in threads:
        one.join(HANGS)
    assert not any(one.is_alive() for one in threads)
    if failed:
        raise failed[0]


def insist(organisation: Organisation, stream: StreamId, act: Act, actor: PersonId) -> Performed:
    """Perform an act, again for as long as others keep writing."""
    while True:
        try:
            return do(organisation, stream, act, actor)
        except BusyError:
            continue


def keep(given: Acknowledged, stream: StreamId, done: Performed) -> None:
    assert done.seq is not None
    assert done.leaf_hash is not None
    assert (stream, done.seq) not in given
    given[stream, done.seq] = done.leaf_hash


def check_readable(organisation: Organisation, given: Acknowledged) -> None:
    """Every acknowledged act is stored once under its number, and can be opened."""
    for (stream, seq), leaf_hash in given.items():
        stored = next(iter(organisation.ports.store.load(ORGANISATION, stream, seq - 1)))
        assert (stored.seq, stored.leaf_hash, hash_leaf(stored.leaf)) == (seq, leaf_hash, leaf_hash)
        assert organisation.open(stored) is not None, (stream, seq)


def test_threads_that_perform_and_read_at_once_lose_nothing(world: World, shared: Organisation) -> None:
    given: Acknowledged = {}
    stop = threading.Event()

    def write(number: int) -> None:
        own = StreamId(f"own-{number}")
        for turn in range(EACH):
            keep(given, M1, insist(shared, M1, note(f"{number}-{turn}"), CUSTODIAN))
            act = note(f"{turn}") if turn else report(f"{number}")
            keep(given, own, insist(shared, own, act, CUSTODIAN if turn else COMPLAINANT))
            assert [one.seq for one in find_timeline(shared, own, CUSTODIAN)] == list(range(turn + 1))
            assert shared.state(M1, fresh=True).facts.head_seq >= turn
            assess_matter(shared, M1)

    def integrate() -> None:
        run_log(world.integrator(shared), shared.ports, interval=0.01, stop=stop)

    running = threading.Thread(target=integrate)
    running.start()
    try:
        at_once(*(lambda number=number: write(number) for number in range(THREADS)))
    finally:
        stop.set()
        running.join(HANGS)
    assert len(given) == 2 * THREADS * EACH
    assert sorted(seq for stream, seq in given if stream == M1) == list(range(3, 3 + THREADS * EACH))
    check_readable(world.open(), given)
    check_log(shared.ports, given)
    assert shared.ports.store.count_pending(ORGANISATION) == 0


def test_nothing_is_written_under_a_key_that_another_thread_destroyed(world: World, shared: Organisation) -> None:
    given: Acknowledged = {}
    targets = [insist(shared, M1, note("To be shredded."), CUSTODIAN).seq for _ in range(6)]

    def write(number: int) -> None:
        for turn in range(EACH):
            keep(given, M1, insist(shared, M1, note(f"{number}-{turn}"), CUSTODIAN))

    def shred() -> None:
        for entry in targets:
            insist(shared, M1, SecondKeyGiven(to_act="record.shredded"), SECRETARY)
            act = RecordShredded(scope="entry", entry=entry, legal_basis="a request", second=SECRETARY)
            keep(given, M1, insist(shared, M1, act, CUSTODIAN))

    at_once(shred, *(lambda number=number: write(number) for number in range(THREADS - 1)))
    for one in (shared, world.open()):
        check_readable(one, given)
        stored = {entry.seq: entry for entry in one.ports.store.load(ORGANISATION, M1)}
        assert all(one.open(stored[seq]) is None for seq in targets if seq is not None)


class Asked:
    """A key store that another thread asks just before it destroys a key."""

    def __init__(self, keys: KeyStore, ask: Callable[[], bytes]) -> None:
        self._keys, self._ask = keys, ask
        self.told: list[bytes] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._keys, name)

    def promote_stream_key(self, organisation: OrganisationId, stream: StreamId, key: bytes) -> None:
        self.told.append(self._ask())
        self._keys.promote_stream_key(organisation, stream, key)


def test_key_asked_for_just_before_it_is_destroyed_is_not_kept(shared: Organisation) -> None:
    keys, new = shared.ports.keys, bytes(range(32))
    asked = Asked(keys, lambda: shared.create_stream_key(M1))
    shared.ports = replace(shared.ports, keys=cast("KeyStore", asked))
    keys.stage_stream_key(ORGANISATION, M1, new)
    finish_shredding(shared, M1, new)
    assert asked.told != [new]
    assert shared.create_stream_key(M1) == new


def test_keys_of_people_rotated_by_one_thread_are_followed_by_the_others(world: World, shared: Organisation) -> None:
    given: Acknowledged = {}

    def write(number: int) -> None:
        for turn in range(EACH):
            keep(given, M1, insist(shared, M1, note(f"{number}-{turn}"), CUSTODIAN))

    def rotate() -> None:
        for _ in range(4):
            assert rotate_key(shared, CUSTODIAN, SECRETARY)

    at_once(rotate, *(lambda number=number: write(number) for number in range(THREADS - 1)))
    check_readable(world.open(), given)
    named = shared.facts(ORGANISATION_STREAM, fresh=True).organisation.all(KeyRotated)[-1].act.public_key
    assert named == encode_base64url(shared.ports.signers.author_key(ORGANISATION, CUSTODIAN).public)


# -- what is kept at hand


def test_no_more_streams_and_keys_are_kept_at_hand_than_the_limit(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(organisation_module, "_KEPT_STREAMS", 4)
    organisation = world.open()
    found_small_body(organisation)
    for number in range(6):
        do(organisation, StreamId(f"m{number}"), report(), COMPLAINANT)
        assert max(len(organisation._states), len(organisation._stream_keys)) <= 4
    for number in range(6):
        stored = next(iter(organisation.ports.store.load(ORGANISATION, StreamId(f"m{number}"))))
        assert organisation.open(stored) is not None
        assert len(organisation._stream_keys) <= 4
    assert find_timeline(organisation, StreamId("m0"), COMPLAINANT)


def test_value_dropped_while_another_thread_reads_it_is_read_again() -> None:
    recent, value, reading = Recent[str, str](4), ["old"], threading.Event()

    def read() -> str:
        found = value[0]
        reading.set()
        return found

    def change() -> None:
        reading.wait(HANGS)
        value[0] = "new"
        recent.drop("a")

    def get() -> None:
        recent.get("a", read)

    at_once(get, change)
    assert recent.get("a", read) == "new"


def test_older_state_never_takes_the_place_of_a_newer(shared: Organisation) -> None:
    older = shared.state(M1)
    do(shared, M1, note(), CUSTODIAN)
    newer = shared.state(M1)
    shared.keep(M1, older)
    assert shared.state(M1) is newer


def _count(number: int, *_: object) -> int:
    return number


def test_facts_are_folded_on_while_another_thread_works_something_out() -> None:
    facts, stop = StreamFacts.empty(M1), threading.Event()

    def work_out() -> None:
        try:
            for number in range(50_000):
                facts.work_out((), partial(_count, number))
        finally:
            stop.set()

    def fold() -> None:
        while not stop.is_set():
            fold_events(facts, ())

    at_once(work_out, fold)
    assert len(fold_events(facts, ())._memo) == 50_000
