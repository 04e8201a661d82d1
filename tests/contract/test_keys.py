"""KeyStore and Signers: stream keys that can be destroyed, signing keys that stay."""

import stat
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from itertools import count
from pathlib import Path

import pytest

from alteram.adapters.files import FileKeyStore, FileSigners, read_root_key
from alteram.adapters.memory import MemoryKeyStore, MemorySigners
from alteram.core.kernel.errors import AlteramError
from alteram.core.kernel.identifiers import PersonId
from alteram.core.tlog import ED25519
from alteram.operations.ports import Entropy, KeyStore, Signers, StoreError
from tests.contract.places import M1, M2, ORG, OTHER, in_processes, in_threads

ROOT = bytes(range(32))
ORIGIN = "example.org/log"
M05 = PersonId("m05")


def build_entropy(seed: str) -> Entropy:
    numbers = count()
    return lambda size: b"".join(sha256(f"{seed}{next(numbers)}".encode()).digest() for _ in range(size // 32 + 1))[
        :size
    ]


@dataclass(frozen=True, slots=True)
class Opened:
    """What is tested, and how to open it again as another process would."""

    keys: KeyStore
    signers: Signers
    reopen: Callable[[], "Opened"]


@pytest.fixture(params=["memory", "files"])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Opened:
    if request.param == "memory":
        keys, signers = MemoryKeyStore(build_entropy("a")), MemorySigners(b"seed")

        def same() -> Opened:
            return Opened(keys, signers, same)

        return same()
    seeds = count()

    def again() -> Opened:
        entropy = build_entropy(f"process {next(seeds)}")
        return Opened(
            FileKeyStore(tmp_path / "streams.db", ROOT, entropy),
            FileSigners(tmp_path / "signers.db", ROOT, entropy),
            again,
        )

    return again()


@pytest.fixture
def keys(opened: Opened) -> KeyStore:
    return opened.keys


def test_a_key_that_was_never_made_is_an_error(keys: KeyStore) -> None:
    with pytest.raises(StoreError, match="m1"):
        keys.get_stream_key(ORG, M1)


def test_a_key_is_made_once_and_is_32_bytes(keys: KeyStore) -> None:
    key = keys.create_stream_key(ORG, M1)
    assert len(key) == 32
    assert keys.create_stream_key(ORG, M1) == keys.get_stream_key(ORG, M1) == key


def test_each_stream_of_each_organisation_has_a_key_of_its_own(keys: KeyStore) -> None:
    made = {keys.create_stream_key(organisation, stream) for organisation in (ORG, OTHER) for stream in (M1, M2)}
    assert len(made) == 4


def test_a_staged_key_waits_beside_the_present_one(keys: KeyStore) -> None:
    key = keys.create_stream_key(ORG, M1)
    for staged in (b"1" * 32, b"2" * 32):
        keys.stage_stream_key(ORG, M1, staged)
    assert keys.get_stream_key(ORG, M1) == key
    assert sorted(keys.find_staged_keys(ORG, M1)) == [b"1" * 32, b"2" * 32]
    assert keys.find_staged_keys(ORG, M2) == keys.find_staged_keys(OTHER, M1) == ()


def test_a_promoted_key_takes_the_place_of_the_old_one_and_of_all_that_were_staged(keys: KeyStore) -> None:
    keys.create_stream_key(ORG, M1)
    other = keys.create_stream_key(ORG, M2)
    for staged in (b"1" * 32, b"2" * 32):
        keys.stage_stream_key(ORG, M1, staged)
    keys.promote_stream_key(ORG, M1, b"2" * 32)
    assert keys.get_stream_key(ORG, M1) == b"2" * 32
    assert keys.find_staged_keys(ORG, M1) == ()
    assert keys.get_stream_key(ORG, M2) == other


def test_a_key_that_is_not_staged_is_not_promoted(keys: KeyStore) -> None:
    key = keys.create_stream_key(ORG, M1)
    keys.stage_stream_key(ORG, M1, b"1" * 32)
    keys.promote_stream_key(ORG, M1, b"2" * 32)
    assert keys.get_stream_key(ORG, M1) == key
    assert keys.find_staged_keys(ORG, M1) == (b"1" * 32,)


def test_a_key_staged_for_one_stream_is_not_promoted_for_another(keys: KeyStore) -> None:
    keys.create_stream_key(ORG, M1)
    key = keys.create_stream_key(ORG, M2)
    keys.stage_stream_key(ORG, M1, b"1" * 32)
    keys.promote_stream_key(ORG, M2, b"1" * 32)
    assert keys.get_stream_key(ORG, M2) == key


def test_promoting_twice_changes_nothing(keys: KeyStore) -> None:
    keys.create_stream_key(ORG, M1)
    keys.stage_stream_key(ORG, M1, b"1" * 32)
    for _ in range(2):
        keys.promote_stream_key(ORG, M1, b"1" * 32)
    assert keys.get_stream_key(ORG, M1) == b"1" * 32


def test_threads_that_ask_at_once_get_the_same_key(keys: KeyStore) -> None:
    assert len(set(in_threads(keys.create_stream_key, [(ORG, M1)] * 6))) == 1


def test_keys_and_staged_keys_outlive_the_process(opened: Opened) -> None:
    key = opened.keys.create_stream_key(ORG, M1)
    opened.keys.stage_stream_key(ORG, M1, b"1" * 32)
    again = opened.reopen().keys
    assert again.get_stream_key(ORG, M1) == key
    assert again.find_staged_keys(ORG, M1) == (b"1" * 32,)


def test_signing_keys_are_the_same_every_time(opened: Opened) -> None:
    def public() -> tuple[object, ...]:
        signers = opened.reopen().signers
        log = [key.verifier.encode() for key in signers.log_keys(ORG, ORIGIN)]
        return (
            signers.record_key(ORG).public,
            log,
            signers.author_key(ORG, M05).public,
            signers.author_key(ORG, None).public,
        )

    assert public() == public()


def test_keys_made_at_once_are_kept_each_its_own_and_one_that_is_held_stays(opened: Opened) -> None:
    people = [PersonId(f"m{number}") for number in range(5)]
    held = opened.signers.author_key(ORG, people[2]).public
    opened.signers.make_author_keys(ORG, people)
    public = [opened.signers.author_key(ORG, one).public for one in people]
    assert public[2] == held
    assert len(set(public)) == len(people)
    opened.signers.make_author_keys(ORG, people)
    assert [opened.reopen().signers.author_key(ORG, one).public for one in people] == public


def test_the_log_signs_with_ed25519_first_then_with_ml_dsa(opened: Opened) -> None:
    first, second = opened.signers.log_keys(ORG, ORIGIN)
    assert (first.verifier.name, first.verifier.type) == (ORIGIN, ED25519)
    assert (second.verifier.name, second.verifier.type) == (ORIGIN, 6)


def test_no_two_signing_keys_are_the_same(opened: Opened) -> None:
    signers = opened.signers
    public = [
        *(signers.record_key(organisation).public for organisation in (ORG, OTHER)),
        *(signers.log_keys(organisation, ORIGIN)[0].verifier.public for organisation in (ORG, OTHER)),
        *(signers.author_key(organisation, person).public for organisation in (ORG, OTHER) for person in (M05, None)),
    ]
    assert len(set(public)) == len(public) == 8


def test_a_log_of_another_origin_has_other_keys(opened: Opened) -> None:
    one, other = (opened.signers.log_keys(ORG, origin) for origin in (ORIGIN, "example.org/log-2"))
    assert not {key.verifier.public for key in one} & {key.verifier.public for key in other}
    assert [key.verifier.encode() for key in opened.reopen().signers.log_keys(ORG, ORIGIN)] == [
        key.verifier.encode() for key in one
    ]


def test_a_staged_signing_key_waits_beside_the_present_one(opened: Opened) -> None:
    signers = opened.signers
    record, author = signers.record_key(ORG).public, signers.author_key(ORG, M05).public
    staged = {signers.stage_record_key(ORG).public for _ in range(2)}
    staged |= {signers.stage_author_key(ORG, M05).public for _ in range(2)}
    assert len(staged) == 4
    assert not staged & {record, author}
    again = opened.reopen().signers
    assert (again.record_key(ORG).public, again.author_key(ORG, M05).public) == (record, author)


def test_a_promoted_record_key_signs_from_then_on_and_its_name_is_new(opened: Opened) -> None:
    signers = opened.signers
    before = signers.record_key(ORG)
    other, unnamed = signers.record_key(OTHER).public, signers.author_key(ORG, None).public
    first, second = signers.stage_record_key(ORG), signers.stage_record_key(ORG)
    signers.promote_record_key(ORG, second.public)
    for one in (signers, opened.reopen().signers):
        after = one.record_key(ORG)
        assert (after.public, after.kid) == (second.public, second.kid)
        assert after.kid not in {before.kid, first.kid}
        assert (one.record_key(OTHER).public, one.author_key(ORG, None).public) == (other, unnamed)


def test_a_promoted_author_key_signs_for_that_person_only(opened: Opened) -> None:
    signers = opened.signers
    record, unnamed = signers.record_key(ORG).public, signers.author_key(ORG, None).public
    staged = signers.stage_author_key(ORG, M05)
    signers.promote_author_key(ORG, M05, staged.public)
    for one in (signers, opened.reopen().signers):
        assert one.author_key(ORG, M05).public == staged.public
        assert one.author_key(ORG, None).public == unnamed
        assert one.record_key(ORG).public == record


def test_a_signing_key_that_is_not_staged_is_not_promoted(opened: Opened) -> None:
    signers = opened.signers
    before = signers.author_key(ORG, M05).public
    first, second = signers.stage_author_key(ORG, M05), signers.stage_author_key(ORG, M05)
    for public in (bytes(32), signers.stage_author_key(ORG, PersonId("m06")).public, signers.record_key(ORG).public):
        signers.promote_author_key(ORG, M05, public)
        assert signers.author_key(ORG, M05).public == before
    signers.promote_author_key(ORG, M05, first.public)
    signers.promote_author_key(ORG, M05, second.public)  # gone with the first: two rotations at once, one counts
    assert signers.author_key(ORG, M05).public == first.public


def test_another_process_promotes_what_this_one_staged_and_this_one_reads_it_anew(opened: Opened) -> None:
    signers, other = opened.signers, opened.reopen().signers
    signers.author_key(ORG, M05)
    staged = signers.stage_author_key(ORG, M05)
    other.promote_author_key(ORG, M05, staged.public)
    signers.promote_author_key(ORG, M05, staged.public)
    assert signers.author_key(ORG, M05).public == staged.public


def test_no_signing_key_is_left_in_its_file_when_replaced(tmp_path: Path) -> None:
    signers = FileSigners(tmp_path / "signers.db", ROOT, build_entropy("a"))
    signers.author_key(ORG, M05)
    old = signers._file.find("SELECT wrapped FROM signer")
    dropped, staged = signers.stage_author_key(ORG, M05), signers.stage_author_key(ORG, M05)
    waiting = signers._file.find("SELECT wrapped FROM staged_signer")
    assert old is not None
    assert waiting is not None
    signers.promote_author_key(ORG, M05, staged.public)
    left = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert old[0] not in left
    assert waiting[0] not in left
    assert signers.author_key(ORG, M05).public != dropped.public


def test_many_processes_that_begin_at_once_agree_on_every_key(tmp_path: Path) -> None:
    assert len(set(in_processes(_begin, [(str(tmp_path), seed) for seed in "abcd"]))) == 1


def _begin(folder: str, seed: str) -> bytes:
    entropy = build_entropy(seed)
    root = read_root_key(Path(folder) / "root.key", entropy)
    keys = FileKeyStore(Path(folder) / "streams.db", root, entropy)
    signers = FileSigners(Path(folder) / "signers.db", root, entropy)
    made = root + keys.create_stream_key(ORG, M1) + signers.record_key(ORG).public
    keys.close()
    signers.close()
    return made


def test_key_files_are_readable_by_their_owner_only(tmp_path: Path) -> None:
    _begin(str(tmp_path), "a")
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert modes == {"root.key": 0o600, "streams.db": 0o600, "signers.db": 0o600}


def test_no_key_stands_in_its_file_in_the_clear_and_none_is_left_when_replaced(tmp_path: Path) -> None:
    keys = FileKeyStore(tmp_path / "streams.db", ROOT, build_entropy("a"))
    key = keys.create_stream_key(ORG, M1)
    before = (tmp_path / "streams.db").read_bytes()
    assert key not in before
    wrapped = keys._file.find("SELECT wrapped FROM stream_key")
    assert wrapped is not None
    assert wrapped[0] in before
    keys.stage_stream_key(ORG, M1, b"1" * 32)
    keys.stage_stream_key(ORG, M1, b"2" * 32)
    keys.promote_stream_key(ORG, M1, b"1" * 32)
    assert not any(wrapped[0] in path.read_bytes() for path in tmp_path.iterdir())


def test_a_stream_key_under_another_root_key_does_not_open(tmp_path: Path) -> None:
    FileKeyStore(tmp_path / "streams.db", ROOT, build_entropy("a")).create_stream_key(ORG, M1)
    other = FileKeyStore(tmp_path / "streams.db", bytes(32), build_entropy("b"))
    with pytest.raises(AlteramError):
        other.get_stream_key(ORG, M1)


def test_a_wrapped_key_moved_to_another_stream_does_not_open(tmp_path: Path) -> None:
    keys = FileKeyStore(tmp_path / "streams.db", ROOT, build_entropy("a"))
    keys.create_stream_key(ORG, M1)
    with keys._file.transaction() as connection:
        connection.execute("UPDATE stream_key SET stream = 'm2'")
    with pytest.raises(AlteramError):
        keys.get_stream_key(ORG, M2)


def test_the_root_key_is_made_once(tmp_path: Path) -> None:
    first = read_root_key(tmp_path / "root.key", build_entropy("a"))
    assert read_root_key(tmp_path / "root.key", build_entropy("b")) == first
    assert [path.name for path in tmp_path.iterdir()] == ["root.key"]


@pytest.mark.parametrize("size", [0, 31, 33])
def test_a_root_key_of_another_size_is_refused(tmp_path: Path, size: int) -> None:
    (tmp_path / "root.key").write_bytes(bytes(size))
    with pytest.raises(StoreError, match="32 bytes"):
        read_root_key(tmp_path / "root.key", build_entropy("a"))
