"""Sealing as bytes arrive and opening any range: what is read is genuine, or it is refused; nothing more is read."""

from contextlib import suppress
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alteram.core.vault import (
    AgeHeader,
    AgeSealer,
    OpenedFile,
    VaultError,
    age_keys,
    derive_recipient,
    encode_identity,
    encode_recipient,
    open_age,
    open_stored_file,
    parse_age_header,
    parse_identity,
    parse_recipient,
)
from alteram.core.vault import age as module
from alteram.core.vault.age import CHUNK_SIZE, MAX_PREFIX, SEALED_CHUNK, TAG_SIZE
from tests.age_files import IDENTITY, AgeFile
from tests.exports import Entropy, seed_of
from tests.unit.vault.test_files import HEADER
from tests.unit.vault.test_files import KEY as OLDER_KEY
from tests.unit.vault.test_files import seal as seal_older

KEY, OTHER = seed_of("key"), seed_of("other")
CONTENT = Entropy(b"content")(3 * CHUNK_SIZE + 1000)


def seal(content: bytes = CONTENT, step: int = 1 << 20, key: bytes = KEY) -> bytes:
    sealer = AgeSealer([derive_recipient(key)], Entropy(b"age"))
    sealed = b"".join(sealer.seal(content[at : at + step]) for at in range(0, len(content), step))
    return sealed + sealer.finish()


SEALED = seal()
START = parse_age_header(KEY, SEALED).start


def read(data: bytes, key: bytes = KEY, step: int = 1 << 20) -> bytes:
    return b"".join(open_age(key, (data[at : at + step] for at in range(0, len(data), step)))[1])


def refuse(data: bytes, code: str = "age.payload", key: bytes = KEY) -> None:
    with pytest.raises(VaultError) as caught:
        read(data, key)
    assert caught.value.code == code


@pytest.mark.parametrize("size", [0, 1, CHUNK_SIZE - 1, CHUNK_SIZE, CHUNK_SIZE + 1, 2 * CHUNK_SIZE, 2 * CHUNK_SIZE + 1])
@pytest.mark.parametrize("step", [999, CHUNK_SIZE - 1, CHUNK_SIZE, 100_000, 1 << 20])
def test_file_is_the_same_and_opens_the_same_whatever_pieces_it_comes_in(size: int, step: int) -> None:
    sealed = seal(CONTENT[:size], step)
    assert sealed == seal(CONTENT[:size])
    assert read(sealed, step=step) == CONTENT[:size]
    assert len(sealed) == START + size + TAG_SIZE * max(1, -(-size // CHUNK_SIZE))


def test_sealing_keeps_no_more_than_a_chunk() -> None:
    sealer = AgeSealer([derive_recipient(KEY)], Entropy(b"age"))
    for at in range(0, len(CONTENT), 10_000):
        sealer.seal(CONTENT[at : at + 10_000])
        assert len(sealer._rest) <= CHUNK_SIZE


@pytest.mark.parametrize("cut", [1, 1000 + TAG_SIZE, 1000 + TAG_SIZE + 1, 1000 + TAG_SIZE + SEALED_CHUNK])
def test_file_cut_short_does_not_open_to_its_end(cut: int) -> None:
    refuse(SEALED[:-cut])


@pytest.mark.parametrize("more", [b"x", bytes(TAG_SIZE), bytes(SEALED_CHUNK), SEALED[START:]])
def test_file_lengthened_does_not_open_to_its_end(more: bytes) -> None:
    refuse(SEALED + more)


def test_chunks_moved_left_out_or_doubled_do_not_open() -> None:
    head, chunks = SEALED[:START], [SEALED[at : at + SEALED_CHUNK] for at in range(START, len(SEALED), SEALED_CHUNK)]
    for order in ([1, 0, 2, 3], [0, 2, 3], [0, 0, 1, 2, 3], [0, 1, 3, 2], [3]):
        refuse(head + b"".join(chunks[one] for one in order))


def test_chunks_of_another_file_of_the_same_key_do_not_open() -> None:
    sealer = AgeSealer([derive_recipient(KEY)], Entropy(b"another"))
    other = sealer.seal(CONTENT) + sealer.finish()
    refuse(SEALED[: START + SEALED_CHUNK] + other[START + SEALED_CHUNK :])
    refuse(SEALED[:START] + other[START:])


def test_file_under_another_key_does_not_open() -> None:
    refuse(SEALED, "age.no-match", OTHER)


@given(st.integers(0, START * 8 - 1))
@settings(max_examples=300)
def test_any_flipped_bit_of_the_head_is_refused(at: int) -> None:
    data = bytearray(SEALED)
    data[at // 8] ^= 1 << at % 8
    with pytest.raises(VaultError):
        read(bytes(data))


@given(st.integers(START, len(SEALED) - 1), st.integers(0, 7))
@settings(max_examples=50)
def test_any_flipped_bit_of_the_content_is_refused_and_nothing_of_its_chunk_given(at: int, bit: int) -> None:
    data = bytearray(SEALED)
    data[at] ^= 1 << bit
    refuse(bytes(data))
    whole, given_out = open_age(KEY, [bytes(data)])[1], bytearray()
    with suppress(VaultError):
        for piece in whole:
            given_out += piece
    assert given_out == CONTENT[: (at - START) // SEALED_CHUNK * CHUNK_SIZE]


@pytest.mark.parametrize("count", [0, 10, len(module.VERSION_LINE), START - 17, START - 16, START - 1])
def test_file_that_ends_in_its_head_is_refused(count: int) -> None:
    refuse(SEALED[:count], "age.payload" if count >= START - 16 else "age.header")


def test_head_up_to_the_limit_is_read_and_one_byte_more_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    size = START - 16
    monkeypatch.setattr(module, "MAX_HEADER", size)
    monkeypatch.setattr(module, "MAX_PREFIX", size + 16)
    assert read(SEALED) == CONTENT
    monkeypatch.setattr(module, "MAX_HEADER", size - 1)
    monkeypatch.setattr(module, "MAX_PREFIX", size + 15)
    refuse(SEALED, "age.header")


@pytest.mark.parametrize("step", [1, 50, 1 << 20])
def test_stanza_that_looks_like_the_end_of_the_head_does_not_end_it(step: int) -> None:
    file = AgeFile()
    file.stanza("odd", "---", "A" * 43)
    file.stanza("---", "A" * 43)
    file.x25519()
    file.mac()
    file.payload()
    assert read(bytes(file.data), IDENTITY, step) == b"age"


def test_endless_head_is_refused_without_being_read_to_its_end() -> None:
    taken = 0

    def endless() -> "object":
        nonlocal taken
        yield module.VERSION_LINE
        while True:
            taken += 1
            yield b"-> grease\n\n" * 1000

    with pytest.raises(VaultError) as caught:
        open_age(KEY, endless())  # type: ignore[arg-type] # a generator, typed loosely to keep the line short
    assert caught.value.code == "age.header"
    assert taken * 11_000 < 2 * MAX_PREFIX


# -- ranges


@given(st.integers(0, len(CONTENT)), st.integers(0, len(CONTENT)))
@settings(deadline=None)
def test_any_range_opens_from_the_chunks_that_hold_it_alone(one: int, other: int) -> None:
    first, until = sorted((one, other))
    header = parse_age_header(KEY, SEALED[:MAX_PREFIX])
    begin, end = header.find_span(first, until, len(SEALED))
    assert end - begin <= (until - first) // CHUNK_SIZE * SEALED_CHUNK + 2 * SEALED_CHUNK
    assert header.open_span(first, until, len(SEALED), SEALED[begin:end]) == CONTENT[first:until]


@given(st.integers(0, len(CONTENT) - 1), st.integers(1, len(CONTENT)), st.data())
@settings(deadline=None)
def test_any_flipped_bit_of_a_range_is_refused(first: int, count: int, data: st.DataObject) -> None:
    until = min(len(CONTENT), first + count)
    header = parse_age_header(KEY, SEALED[:MAX_PREFIX])
    begin, end = header.find_span(first, until, len(SEALED))
    part = bytearray(SEALED[begin:end])
    part[data.draw(st.integers(0, len(part) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(VaultError) as caught:
        header.open_span(first, until, len(SEALED), bytes(part))
    assert caught.value.code == "age.payload"


def header_of(data: bytes) -> AgeHeader:
    return parse_age_header(KEY, data[:MAX_PREFIX])


def test_end_of_a_file_cut_at_a_chunk_is_refused_where_it_is_read() -> None:
    """What ends too early opens in its middle and is caught at its end: the last chunk is not marked as the last."""
    stored = START + 2 * SEALED_CHUNK
    header = header_of(SEALED)
    assert header.find_size(stored) == 2 * CHUNK_SIZE
    begin, end = header.find_span(0, 10, stored)
    assert header.open_span(0, 10, stored, SEALED[begin:end]) == CONTENT[:10]
    begin, end = header.find_span(CHUNK_SIZE, CHUNK_SIZE + 10, stored)
    with pytest.raises(VaultError) as caught:
        header.open_span(CHUNK_SIZE, CHUNK_SIZE + 10, stored, SEALED[begin:end])
    assert caught.value.code == "age.payload"


def test_last_chunk_of_a_file_said_to_be_longer_is_refused() -> None:
    stored = len(SEALED) + SEALED_CHUNK
    lengthened = SEALED + bytes(SEALED_CHUNK)
    header = header_of(SEALED)
    begin, end = header.find_span(3 * CHUNK_SIZE, 3 * CHUNK_SIZE + 10, stored)
    with pytest.raises(VaultError):
        header.open_span(3 * CHUNK_SIZE, 3 * CHUNK_SIZE + 10, stored, lengthened[begin:end])


@pytest.mark.parametrize("at", [0, 1, CHUNK_SIZE, len(CONTENT)])
def test_empty_range_needs_nothing_and_gives_nothing(at: int) -> None:
    header = header_of(SEALED)
    begin, end = header.find_span(at, at, len(SEALED))
    assert begin == end
    assert header.open_span(at, at, len(SEALED), b"") == b""


@pytest.mark.parametrize(("first", "until"), [(-1, 1), (2, 1), (0, len(CONTENT) + 1), (len(CONTENT) + 1,) * 2])
def test_range_that_is_not_there_is_refused(first: int, until: int) -> None:
    with pytest.raises(VaultError) as caught:
        header_of(SEALED).find_span(first, until, len(SEALED))
    assert caught.value.code == "age.range"


def test_more_or_less_than_the_range_needs_is_refused() -> None:
    header = header_of(SEALED)
    begin, end = header.find_span(0, 10, len(SEALED))
    for part in (SEALED[begin : end - 1], SEALED[begin : end + 1], b""):
        with pytest.raises(VaultError):
            header.open_span(0, 10, len(SEALED), part)


@pytest.mark.parametrize(
    ("beyond", "size"),
    [
        (0, None),
        (TAG_SIZE - 1, None),
        (TAG_SIZE, 0),
        (TAG_SIZE + 1, 1),
        (SEALED_CHUNK, CHUNK_SIZE),
        (SEALED_CHUNK + 1, None),
        (SEALED_CHUNK + TAG_SIZE, None),
        (SEALED_CHUNK + TAG_SIZE + 1, CHUNK_SIZE + 1),
    ],
)
def test_size_of_the_content_follows_from_that_of_the_file_or_no_file_has_it(beyond: int, size: int | None) -> None:
    if size is None:
        with pytest.raises(VaultError) as caught:
            header_of(SEALED).find_size(START + beyond)
        assert caught.value.code == "age.payload"
    else:
        assert header_of(SEALED).find_size(START + beyond) == size


def test_empty_file_opens_as_empty() -> None:
    empty = seal(b"")
    assert read(empty) == b""
    assert header_of(empty).find_size(len(empty)) == 0


# -- recipients and keys


def test_file_for_nobody_or_for_a_key_that_nobody_can_have_is_refused() -> None:
    for recipients in ([], [bytes(32)]):
        with pytest.raises(VaultError) as caught:
            AgeSealer(recipients, Entropy(b"age"))
        assert caught.value.code == "age.recipients"


def test_file_for_more_recipients_than_a_head_holds_is_refused() -> None:
    recipient = derive_recipient(KEY)
    AgeSealer([recipient] * 600, Entropy(b"age"))
    with pytest.raises(VaultError):
        AgeSealer([recipient] * 700, Entropy(b"age"))


@given(st.binary(min_size=32, max_size=32))
def test_keys_read_back_as_they_were_written(key: bytes) -> None:
    assert parse_identity(encode_identity(key)) == key
    assert parse_recipient(encode_recipient(key)) == key


@given(st.data())
def test_mistyped_key_is_refused(data: st.DataObject) -> None:
    text = encode_identity(KEY)
    at = data.draw(st.integers(0, len(text) - 1))
    letter = data.draw(st.characters(codec="utf-8").filter(lambda one: one != text[at]))
    with pytest.raises(VaultError) as caught:
        parse_identity(text[:at] + letter + text[at + 1 :])
    assert caught.value.code == "age.key"


def test_key_in_another_spelling_or_of_another_kind_is_refused() -> None:
    identity, recipient = encode_identity(KEY), encode_recipient(derive_recipient(KEY))
    # The sign for kelvin is a capital, and its small letter is k.
    kelvin = identity.replace("K", "\u212a", 1)
    for bad in (identity.lower(), identity[:-1], identity + "Q", "", recipient.upper(), identity + "\n", kelvin):
        with pytest.raises(VaultError):
            parse_identity(bad)
    for bad in (recipient.upper(), recipient.capitalize(), recipient[:-1], "", identity.lower(), recipient + "\n"):
        with pytest.raises(VaultError):
            parse_recipient(bad)
    with pytest.raises(VaultError):
        encode_identity(KEY[:31])


def test_key_whose_unused_bits_are_not_zero_is_refused_though_its_checksum_is_right() -> None:
    letters, prefix = "qpzry9x8gf2tvdw0s3jn54khce6mua7l", "age"
    data = [letters.index(one) for one in encode_recipient(derive_recipient(KEY))[len(prefix) + 1 : -6]]
    data[-1] |= 1
    check = age_keys._polymod((*age_keys._expand(prefix), *data, *bytes(6))) ^ 1
    data += [check >> shift & 31 for shift in range(25, -1, -5)]
    with pytest.raises(VaultError) as caught:
        parse_recipient(f"{prefix}1" + "".join(letters[one] for one in data))
    assert "canonical" in str(caught.value)


# -- both formats


def open_whole(key: bytes, ciphertext: list[bytes]) -> OpenedFile:
    whole = b"".join(ciphertext)
    return open_stored_file(key, sha256(whole).hexdigest(), len(whole), ciphertext)


def test_stored_file_is_read_in_whichever_format_it_is() -> None:
    older = open_whole(OLDER_KEY, [seal_older(CONTENT)])
    assert (older.description, older.size, b"".join(older.content)) == (HEADER, len(CONTENT), CONTENT)
    opened = open_whole(KEY, [SEALED[:5], SEALED[5:]])
    assert (opened.description, opened.size, b"".join(opened.content)) == (b"", len(CONTENT), CONTENT)


@pytest.mark.parametrize("data", [b"", b"age-encryption.org/v1", b"age-encryption.org/v1\n", b"x"])
def test_what_is_of_neither_format_does_not_open(data: bytes) -> None:
    with pytest.raises(VaultError):
        open_whole(KEY, [data])
