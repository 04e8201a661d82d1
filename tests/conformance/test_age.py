"""Age files against the format's public test vectors, Debian's age and pyrage: each reads what the others write."""

import subprocess
from pathlib import Path

import pyrage
import pytest

from alteram.core.vault import (
    AgeSealer,
    VaultError,
    derive_recipient,
    encode_identity,
    encode_recipient,
    open_age,
    parse_age_header,
)
from tests.age_files import FILES, IDENTITY
from tests.exports import Entropy, seed_of
from tests.needs import need_program

KEY = seed_of("an exhibit's key")
SIZES = [0, 1, 65_535, 65_536, 65_537, 2 * 65_536, 200_000]
#: Where another program is laxer than the vectors: age reads the passphrase's stanza only when asked for one, and the
#: library behind pyrage still takes what the first releases of it wrote.
LAX = {"age": {"scrypt_and_x25519"}, "pyrage": {"stanza_missing_body", "stanza_missing_final_line"}}
PROVIDED_BY = "install Debian's age: apt-get install age"


def content_of(size: int) -> bytes:
    return Entropy(b"content")(size)


def seal(content: bytes, *recipients: bytes) -> bytes:
    sealer = AgeSealer(recipients or (derive_recipient(KEY),), Entropy(b"age"))
    return sealer.seal(content) + sealer.finish()


def read(key: bytes, data: bytes) -> bytes:
    return b"".join(open_age(key, [data])[1])


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("step", [100, 70_000, 1 << 20])
def test_file_gets_the_verdict_of_the_public_vectors(name: str, step: int) -> None:
    make, code = FILES[name]
    file, found, given = make(), "", bytearray()
    try:
        _, content = open_age(IDENTITY, (bytes(file.data[at : at + step]) for at in range(0, len(file.data), step)))
        for piece in content:
            given += piece
    except VaultError as error:
        found = error.code
    assert found == code
    assert file.plain.startswith(given)
    assert code or given == file.plain


def test_files_are_those_of_the_public_vectors_letter_by_letter() -> None:
    """The header of the vector `x25519`, as published with age 1.1 (C2SP CCTV, age/testdata)."""
    lines = FILES["x25519"][0]().data.split(b"\n")
    assert lines[1] == b"-> X25519 TEiF0ypqr+bpvcqXNyCVJpL7OuwPdVwPL7KQEbFDOCc"
    assert lines[2] == b"hjabGXwSLQ9c3S6Lw2i+S2Tu2fiwQHHslbBN6B41FLE"


@pytest.mark.parametrize("name", FILES)
def test_pyrage_gives_the_same_verdict(name: str) -> None:
    make, code = FILES[name]
    identity = pyrage.x25519.Identity.from_str(encode_identity(IDENTITY))
    if code and name not in LAX["pyrage"]:
        with pytest.raises(pyrage.DecryptError):
            pyrage.decrypt(bytes(make().data), [identity])
    else:
        assert pyrage.decrypt(bytes(make().data), [identity]) == make().plain


@pytest.mark.parametrize("name", FILES)
def test_age_gives_the_same_verdict(name: str, tmp_path: Path) -> None:
    make, code = FILES[name]
    found = decrypt(tmp_path, IDENTITY, bytes(make().data))
    refused = bool(code) and name not in LAX["age"]
    assert bool(found.returncode) is refused
    assert refused or found.stdout == make().plain


def decrypt(folder: Path, identity: bytes, data: bytes) -> "subprocess.CompletedProcess[bytes]":
    program, keys = need_program("age", provided_by=PROVIDED_BY), folder / "keys"
    keys.write_text(encode_identity(identity) + "\n")
    return subprocess.run([program, "--decrypt", "-i", keys], input=data, capture_output=True, check=False)


@pytest.mark.parametrize("size", SIZES)
def test_what_we_seal_opens_with_age_and_with_pyrage(size: int, tmp_path: Path) -> None:
    sealed = seal(content_of(size))
    assert decrypt(tmp_path, KEY, sealed).stdout == content_of(size)
    identity = pyrage.x25519.Identity.from_str(encode_identity(KEY))
    assert pyrage.decrypt(sealed, [identity]) == content_of(size)


@pytest.mark.parametrize("size", SIZES)
def test_what_age_and_pyrage_seal_opens_here_whole_and_in_part(size: int) -> None:
    program = need_program("age", provided_by=PROVIDED_BY)
    recipient = encode_recipient(derive_recipient(KEY))
    by_age = subprocess.run([program, "-r", recipient], input=content_of(size), capture_output=True, check=True).stdout
    by_pyrage = pyrage.encrypt(content_of(size), [pyrage.x25519.Recipient.from_str(recipient)])
    for sealed in (by_age, by_pyrage):
        assert read(KEY, sealed) == content_of(size)
        header = parse_age_header(KEY, sealed)
        assert header.find_size(len(sealed)) == size
        begin, end = header.find_span(size // 3, size, len(sealed))
        assert header.open_span(size // 3, size, len(sealed), sealed[begin:end]) == content_of(size)[size // 3 :]


def test_file_sealed_to_several_opens_for_each_and_for_no_stranger(tmp_path: Path) -> None:
    others = [seed_of("one"), seed_of("two")]
    sealed = seal(b"content", *map(derive_recipient, others))
    for one in others:
        assert read(one, sealed) == b"content"
        assert decrypt(tmp_path, one, sealed).stdout == b"content"
    with pytest.raises(VaultError) as caught:
        read(KEY, sealed)
    assert caught.value.code == "age.no-match"
    assert decrypt(tmp_path, KEY, sealed).returncode


def test_keys_are_spelt_as_age_spells_them() -> None:
    made = pyrage.x25519.Identity.from_str(encode_identity(KEY))
    assert str(made) == encode_identity(KEY)
    assert str(made.to_public()) == encode_recipient(derive_recipient(KEY))
