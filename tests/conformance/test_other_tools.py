"""Tools that nobody here wrote read our logs, notes, receipts and entries; and refuse what was tampered with."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import metamorphic_log
import pytest
from jwcrypto.jwk import JWK
from pymerkle import InmemoryTree
from sd_jwt.verifier import SDJWTVerifier
from tlog_scales import backend, reader, signing, tlog
from tlog_scales.tiles import leaf_hash

from alteram.core.tlog import Note, SignerKey, build_range_root, compute_root, grow, hash_leaf, parse_note_unverified
from alteram.core.tlog.merkle import build_consistency_proof, build_inclusion_proof
from alteram.core.tlog.proof import TlogProof
from alteram.core.tlog.tiles import Tile
from alteram.core.vault import encode_base64url, parse_presentation
from tests.exports import LOG_KEYS, MATTER, RECORD_KEY, WITNESSES, build_part
from tests.logs import sample_leaves, write_log
from tests.needs import cannot_run, need_program

GO_PROGRAM = Path(__file__).resolve().parents[2] / "conformance" / "go" / "verify_log.go"
GO_LIBRARIES = Path("/usr/share/gocode")
LEAVES = sample_leaves(1_100)
HASHES = [hash_leaf(leaf) for leaf in LEAVES]
ROOT = compute_root(HASHES)
#: Sizes around the edges of tiles, each with an index worth asking for.
INDICES = (0, 1, 255, 256, 511, 1_023, 1_024, 1_099)


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("log")
    write_log(folder, LEAVES)
    return folder


def proof_of(index: int) -> tuple[bytes, ...]:
    return build_inclusion_proof(index, len(HASHES), lambda start, end: compute_root(HASHES[start:end]))


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    go = need_program("go", provided_by="apt install golang-go golang-golang-x-mod-dev")
    if not (GO_LIBRARIES / "src/golang.org/x/mod/sumdb/tlog").is_dir():
        cannot_run("golang.org/x/mod is missing", "apt install golang-golang-x-mod-dev")
    folder = tmp_path_factory.mktemp("go")
    surroundings = {
        "GO111MODULE": "off",
        "GOCACHE": str(folder / "cache"),
        "GOPATH": f"{folder}:{GO_LIBRARIES}",
        "GOPROXY": "off",
        "PATH": "/usr/local/bin:/usr/bin:/bin",
    }
    program = folder / "verify_log"
    subprocess.run([go, "build", "-o", str(program), str(GO_PROGRAM)], check=True, env=surroundings)
    return program


class TestGo:
    """conformance/go/verify_log.go, on golang.org/x/mod/sumdb."""

    @staticmethod
    def run(program: Path, folder: Path) -> "subprocess.CompletedProcess[str]":
        vkey = LOG_KEYS[0].verifier.encode()
        return subprocess.run([str(program), str(folder), vkey], capture_output=True, text=True, check=False)

    @pytest.mark.parametrize("size", [1, 255, 256, 257, 700])
    def test_log_of_any_shape_verifies(self, program: Path, tmp_path: Path, size: int) -> None:
        write_log(tmp_path, LEAVES[:size])
        done = self.run(program, tmp_path)
        assert (done.returncode, done.stdout) == (0, f"verified {size} entries\n"), done.stderr

    @pytest.mark.parametrize(
        ("path", "at", "named"),
        [
            ("tile/entries/002", 7, "entry 512"),
            ("tile/entries/000", 40, "tile/entries/000"),
            ("tile/entries/004.p/76", -1, "entry 1099"),
            ("tile/0/001", 77, "tile/0/001"),
            ("tile/0/004.p/76", 3, "another root"),
            ("tile/1/000.p/4", 3, "another root"),
            ("checkpoint", 30, "checkpoint"),
        ],
    )
    def test_flipped_byte_is_found_and_named(
        self, program: Path, tmp_path: Path, path: str, at: int, named: str
    ) -> None:
        write_log(tmp_path, LEAVES)
        file = tmp_path / path
        data = bytearray(file.read_bytes())
        data[at] ^= 1
        file.write_bytes(bytes(data))
        done = self.run(program, tmp_path)
        assert done.returncode == 1
        assert named in done.stderr


class TestTlogScales:
    """tlog-scales: signatures of every type, proofs from tiles."""

    @pytest.mark.parametrize("signer", [*LOG_KEYS, *WITNESSES], ids=lambda signer: f"type-{signer.type}-{signer.name}")
    def test_signature_of_every_type_verifies(self, log: Path, signer: SignerKey) -> None:
        vkey = signing.Vkey.from_string(signer.verifier.encode())
        text = (log / "checkpoint").read_text()
        tlog.Checkpoint.from_text(text).verify(vkey)
        other = tlog.Checkpoint.from_text(text.replace("\n1100\n", "\n1101\n"))
        with pytest.raises(Exception):  # noqa: B017 - whatever the tool raises
            other.verify(vkey)

    @pytest.mark.parametrize("index", INDICES)
    def test_receipt_is_byte_for_byte_the_tools(self, log: Path, index: int) -> None:
        command = [sys.executable, "-m", "tlog_scales.cli", "gen-proof", str(log), str(index)]
        theirs = subprocess.run(command, capture_output=True, check=True).stdout
        note = build_note(log)
        assert TlogProof(index, proof_of(index), note).encode() == theirs

    @pytest.mark.parametrize("index", INDICES)
    def test_entry_is_found_under_its_proof(self, log: Path, index: int) -> None:
        tiles = reader.TilesReader(backend.make_backend(str(log)))
        checkpoint = tiles.get_checkpoint()
        entry = tiles.get_entry(index)
        assert entry == LEAVES[index]
        tlog.InclusionProof(index, checkpoint.size, list(proof_of(index))).check(leaf_hash(entry), checkpoint.root_hash)

    @pytest.mark.parametrize(("old", "new"), [(1, 2), (255, 256), (256, 257), (300, 1_100), (1_024, 1_100)])
    def test_consistency_proof_is_the_tools_and_verifies(self, log: Path, old: int, new: int) -> None:
        ours = build_consistency_proof(old, new, build_range_root(new, _tiles_of(new).__getitem__))
        tiles = reader.TilesReader(backend.make_backend(str(log)))
        tiles.get_checkpoint()
        assert list(ours) == tiles.get_consistency_proof(old, new).node_hashes
        tlog.ConsistencyProof(old, new, list(ours)).check(compute_root(HASHES[:old]), compute_root(HASHES[:new]))


def _tiles_of(size: int) -> dict[Tile, bytes]:
    return dict(grow(0, HASHES[:size], lambda tile: b"").tiles)


def build_note(log: Path) -> Note:
    return parse_note_unverified((log / "checkpoint").read_bytes())


class TestMetamorphicLog:
    """metamorphic-log: Rust."""

    def test_checkpoint_verifies_and_a_changed_one_does_not(self, log: Path) -> None:
        text, vkey = (log / "checkpoint").read_text(), LOG_KEYS[0].verifier.encode()
        head = metamorphic_log.checkpoint_verify(text, [vkey])
        assert (head.origin, head.size, head.root) == (LOG_KEYS[0].name, len(LEAVES), ROOT)
        with pytest.raises(metamorphic_log.VerifyError):
            metamorphic_log.checkpoint_verify(text.replace("\n1100\n", "\n1101\n"), [vkey])

    @pytest.mark.parametrize("index", INDICES)
    def test_inclusion_verifies_and_a_changed_leaf_does_not(self, index: int) -> None:
        metamorphic_log.verify_inclusion(index, len(LEAVES), HASHES[index], list(proof_of(index)), ROOT)
        with pytest.raises(metamorphic_log.VerifyError):
            metamorphic_log.verify_inclusion(index, len(LEAVES), HASHES[index - 1], list(proof_of(index)), ROOT)


def test_roots_are_those_of_pymerkle() -> None:
    tree = InmemoryTree()
    for size, leaf in enumerate(LEAVES[:300], 1):
        tree.append_entry(leaf)
        assert tree.get_root() == compute_root(HASHES[:size])


def _presentations() -> Iterator[tuple[str, dict[str, Any]]]:
    shown = build_part().log.entries[MATTER, 0][1].presentation
    for one in (shown, shown.redact(["at", "act"]), shown.redact([])):
        encoded = one.encode()
        yield encoded.decode(), parse_presentation(encoded).claims


@pytest.mark.parametrize(("text", "claims"), list(_presentations()), ids=["full", "redacted", "bare"])
def test_presentation_reads_the_same_in_sd_jwt(text: str, claims: dict[str, Any]) -> None:
    def key(_issuer: str, header: dict[str, Any]) -> JWK:
        assert header == {"alg": "EdDSA", "kid": "record-1", "typ": "alteram-entry+sd-jwt"}
        return JWK(kty="OKP", crv="Ed25519", x=encode_base64url(RECORD_KEY.public))

    payload = SDJWTVerifier(text, key).get_verified_payload()
    payload.pop("_sd_alg", None)
    assert payload == claims
