"""A witness's directory: what is made, what is read back, what is refused."""

import stat
from pathlib import Path

import pytest

from alteram.adapters.witness import build_policy_lines, create_witness
from alteram.adapters.witness.keys import read_logs, read_signers
from alteram.adapters.witness.server import build_application
from alteram.core.kernel.errors import AlteramError
from alteram.core.tlog import COSIGNATURE_ED25519, COSIGNATURE_MLDSA44, NoteError, SignerKey, parse_policy
from alteram.core.tlog.keys import parse_verifier_key
from alteram.operations.ports import StoreError
from tests.published import LOG

NAME = "example.org/witness"


def test_new_witness_has_two_keys_that_it_reads_back(tmp_path: Path) -> None:
    keys = create_witness(tmp_path / "w", NAME)
    assert [(key.name, key.type) for key in keys] == [(NAME, COSIGNATURE_ED25519), (NAME, COSIGNATURE_MLDSA44)]
    assert tuple(signer.verifier for signer in read_signers(tmp_path / "w")) == keys
    assert tuple(map(parse_verifier_key, (tmp_path / "w/witness.vkey").read_text().splitlines())) == keys


def test_two_witnesses_never_share_a_key(tmp_path: Path) -> None:
    one, two = create_witness(tmp_path / "1", NAME), create_witness(tmp_path / "2", NAME)
    assert not {key.public for key in one} & {key.public for key in two}


def test_private_keys_are_for_their_owner_only(tmp_path: Path) -> None:
    create_witness(tmp_path, NAME)
    assert stat.S_IMODE((tmp_path / "witness.key").stat().st_mode) == 0o600


def test_second_witness_in_one_directory_is_refused_and_the_first_stays(tmp_path: Path) -> None:
    keys = create_witness(tmp_path, NAME)
    with pytest.raises(StoreError, match="there already"):
        create_witness(tmp_path, "example.org/other")
    assert tuple(signer.verifier for signer in read_signers(tmp_path)) == keys


@pytest.mark.parametrize("name", ["", "two words", "a+b", "tab\t"])
def test_name_that_no_key_can_have_is_refused_and_nothing_is_written(tmp_path: Path, name: str) -> None:
    with pytest.raises(NoteError):
        create_witness(tmp_path / "w", name)
    assert not (tmp_path / "w").exists()


@pytest.mark.parametrize("damage", ["", "PRIVATE+KEY+a", "PRIVATE+KEY+a+00000000+BAAA", "garbage"])
def test_damaged_key_file_is_an_error_that_says_what_to_do(tmp_path: Path, damage: str) -> None:
    create_witness(tmp_path, NAME)
    text = (tmp_path / "witness.key").read_text()
    (tmp_path / "witness.key").write_text(damage + "\n" + text)
    with pytest.raises(StoreError, match="Restore"):
        read_signers(tmp_path)


def test_key_of_a_log_is_no_key_of_a_witness(tmp_path: Path) -> None:
    create_witness(tmp_path, NAME)
    text = (tmp_path / "witness.key").read_text().splitlines()[0]
    head, _, encoded = text.rpartition("+")
    (tmp_path / "witness.key").write_text(f"{head}+AQ{encoded[2:]}\n")
    with pytest.raises(StoreError):
        read_signers(tmp_path)


def test_missing_witness_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="Make one first"):
        read_signers(tmp_path)


def test_witness_without_any_log_is_refused(tmp_path: Path) -> None:
    create_witness(tmp_path, NAME)
    with pytest.raises(StoreError, match="trusts no log"):
        build_application(tmp_path)
    build_application(tmp_path, [LOG.verifier.encode()])


def test_logs_come_from_the_file_and_from_options_once_each(tmp_path: Path) -> None:
    create_witness(tmp_path, NAME)
    post_quantum = SignerKey.from_seed(LOG.name, COSIGNATURE_MLDSA44, bytes(32)).verifier
    lines = (tmp_path / "logs.policy").read_text()
    (tmp_path / "logs.policy").write_text(f"log {LOG.verifier.encode()}\n{lines}")
    logs = read_logs(tmp_path, [LOG.verifier.encode(), post_quantum.encode()])
    assert {origin: set(keys) for origin, keys in logs.items()} == {LOG.name: {LOG.verifier, post_quantum}}
    assert sum(len(keys) for keys in logs.values()) == 2


@pytest.mark.parametrize("line", ["log nonsense", "log", "log a b c"])
def test_malformed_logs_file_is_refused(tmp_path: Path, line: str) -> None:
    create_witness(tmp_path, NAME)
    (tmp_path / "logs.policy").write_text(f"{line}\nquorum none\n")
    with pytest.raises(AlteramError, match=r"Line 1|trusts no log"):
        read_logs(tmp_path)


def test_lost_memory_of_what_was_cosigned_stops_the_witness(tmp_path: Path) -> None:
    create_witness(tmp_path, NAME)
    (tmp_path / "cosigned").rmdir()
    with pytest.raises(StoreError, match="missing"):
        build_application(tmp_path, [LOG.verifier.encode()])


def test_policy_lines_stand_in_a_policy_as_they_are(tmp_path: Path) -> None:
    keys = create_witness(tmp_path, NAME)
    lines = build_policy_lines(keys, "https://witness.example.org")
    policy = parse_policy(f"log {LOG.verifier.encode()}\n{lines}quorum {NAME}\n".encode())
    assert tuple(one.key for one in policy.witnesses) == keys
    assert {one.url for one in policy.witnesses} == {"https://witness.example.org"}
