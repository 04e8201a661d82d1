"""Content at rest: what keys open, what is bound to its leaf, and what a destroyed key takes with it."""

from collections.abc import Sequence

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from alteram.core.vault import (
    RecordKey,
    SealedEntry,
    VaultError,
    build_decoy_leaf,
    build_disclosures,
    build_entry_leaf,
    build_statement_leaf,
    forget_keys,
    open_entry,
    parse_statement_leaf,
    seal_entry,
    sign_jwt,
    unwrap_keys,
    unwrap_stream_key,
    wrap_keys,
    wrap_stream_key,
)
from tests.exports import Entropy, seed_of

KEY = RecordKey.from_seed("record-1", seed_of("record"))
STREAM_KEY, ROOT_KEY = seed_of("stream"), seed_of("root")


def make(seed: bytes = b"sealing", text: str = "what was said") -> SealedEntry:
    entropy = Entropy(seed)
    disclosures = build_disclosures({"seq": 0, "act.text": text, "act.reasons": "because"}, entropy)
    return seal_entry(sign_jwt(disclosures, KEY, entropy), disclosures, entropy)


def code_of(ciphertext: bytes, keys: Sequence[bytes], leaf: bytes) -> str:
    with pytest.raises(VaultError) as caught:
        open_entry(ciphertext, keys, leaf)
    return caught.value.code


def test_sealed_entry_opens_to_what_was_sealed() -> None:
    sealed = make()
    opened = open_entry(sealed.ciphertext, sealed.keys, sealed.leaf)
    assert opened.presentation.claims == {"seq": 0, "act.text": "what was said", "act.reasons": "because"}
    assert build_entry_leaf(opened.jwt.encoded, opened.blinding) == sealed.leaf


def test_ciphertext_holds_nothing_readable() -> None:
    sealed = make()
    opened = open_entry(sealed.ciphertext, sealed.keys, sealed.leaf)
    for one in opened.presentation.disclosures:
        assert one.encoded.encode() not in sealed.ciphertext
    assert opened.jwt.encoded.encode() not in sealed.ciphertext
    assert opened.blinding not in sealed.ciphertext


def test_keys_are_drawn_for_each_field_and_never_the_same() -> None:
    sealed = make()
    assert len(sealed.keys) == 4
    assert len(set(sealed.keys)) == 4
    assert {len(key) for key in sealed.keys} == {32}


def test_flipped_bit_in_any_ciphertext_is_refused() -> None:
    sealed = make()
    for at in range(0, len(sealed.ciphertext), 11):
        bad = sealed.ciphertext[:at] + bytes([sealed.ciphertext[at] ^ 1]) + sealed.ciphertext[at + 1 :]
        assert code_of(bad, sealed.keys, sealed.leaf) in {"entry.ciphertext", "entry.form", "entry.count"}


@pytest.mark.parametrize("cut", [1, 2, 3, 5, 40])
def test_truncated_ciphertext_is_refused(cut: int) -> None:
    sealed = make()
    assert code_of(sealed.ciphertext[:-cut], sealed.keys, sealed.leaf) == "entry.form"


def test_nothing_is_no_ciphertext() -> None:
    assert code_of(b"", (), make().leaf) == "entry.form"


def test_ciphertext_of_another_leaf_is_refused() -> None:
    sealed, other = make(), make(b"other")
    assert code_of(sealed.ciphertext, sealed.keys, other.leaf) == "entry.ciphertext"


def test_key_too_few_or_too_many_is_refused() -> None:
    sealed = make()
    assert code_of(sealed.ciphertext, sealed.keys[:-1], sealed.leaf) == "entry.count"
    assert code_of(sealed.ciphertext, (*sealed.keys, bytes(32)), sealed.leaf) == "entry.count"


def test_forgotten_field_is_withheld_and_the_rest_verifies() -> None:
    sealed = make()
    left = forget_keys(sealed.keys, [1])
    opened = open_entry(sealed.ciphertext, left, sealed.leaf)
    assert opened.disclosures[1] is None
    assert opened.presentation.claims == {"seq": 0, "act.reasons": "because"}
    opened.jwt.verify(KEY.public)
    assert sealed.keys[2] not in left
    assert left[0] == sealed.keys[0]


def test_forgotten_entry_opens_no_more() -> None:
    sealed = make()
    gone = (bytes(32), *forget_keys(sealed.keys, range(3))[1:])
    assert code_of(sealed.ciphertext, gone, sealed.leaf) == "entry.forgotten"


def test_wrapped_keys_open_under_their_stream_key_and_leaf_alone() -> None:
    sealed, other = make(), make(b"other")
    wrapped = wrap_keys(sealed.keys, sealed.leaf, STREAM_KEY, Entropy(b"wrap"))
    assert unwrap_keys(wrapped, sealed.leaf, STREAM_KEY) == sealed.keys
    for bad, leaf, key in (
        (wrapped, other.leaf, STREAM_KEY),
        (wrapped, sealed.leaf, ROOT_KEY),
        (wrapped[:-1], sealed.leaf, STREAM_KEY),
        (wrapped[:11], sealed.leaf, STREAM_KEY),
        (b"", sealed.leaf, STREAM_KEY),
        (bytes([wrapped[0] ^ 1]) + wrapped[1:], sealed.leaf, STREAM_KEY),
    ):
        with pytest.raises(VaultError, match="do not open"):
            unwrap_keys(bad, leaf, key)


def test_wrapped_bytes_that_are_no_keys_are_refused() -> None:
    leaf = make().leaf
    for keys in ((), (bytes(31),)):
        with pytest.raises(VaultError, match="malformed"):
            unwrap_keys(wrap_keys(keys, leaf, STREAM_KEY, Entropy(b"wrap")), leaf, STREAM_KEY)


def test_old_rows_open_nothing_once_the_stream_key_is_replaced() -> None:
    sealed, entropy = make(), Entropy(b"rotate")
    backup = wrap_keys(sealed.keys, sealed.leaf, STREAM_KEY, entropy)
    fresh = entropy(32)
    survivors = wrap_keys(forget_keys(sealed.keys, [1]), sealed.leaf, fresh, entropy)
    with pytest.raises(VaultError):
        unwrap_keys(backup, sealed.leaf, fresh)
    opened = open_entry(sealed.ciphertext, unwrap_keys(survivors, sealed.leaf, fresh), sealed.leaf)
    assert "act.text" not in opened.presentation.claims


@pytest.mark.parametrize(
    ("root", "organisation", "stream"),
    [(STREAM_KEY, "caucus", "m1"), (ROOT_KEY, "club", "m1"), (ROOT_KEY, "caucus", "m2"), (ROOT_KEY, "caucusm", "1")],
)
def test_stream_key_opens_for_its_stream_alone(root: bytes, organisation: str, stream: str) -> None:
    wrapped = wrap_stream_key(STREAM_KEY, ROOT_KEY, "caucus", "m1", Entropy(b"wrap"))
    assert unwrap_stream_key(wrapped, ROOT_KEY, "caucus", "m1") == STREAM_KEY
    with pytest.raises(VaultError):
        unwrap_stream_key(wrapped, root, organisation, stream)


def test_entry_that_could_never_be_shown_is_not_sealed() -> None:
    with pytest.raises(VaultError, match="4194304"):
        make(text="x" * (3 << 20))


def test_decoy_leaf_looks_like_an_entry() -> None:
    entry, decoy = make().leaf, build_decoy_leaf(Entropy(b"decoy")(32))
    assert (len(entry), entry[0]) == (len(decoy), decoy[0]) == (33, 1)
    for size in (31, 33):
        with pytest.raises(VaultError):
            build_decoy_leaf(bytes(size))
        with pytest.raises(VaultError):
            build_entry_leaf("a.b.c", bytes(size))


def test_leaf_depends_on_the_jwt_and_on_the_blinding() -> None:
    assert len({build_entry_leaf(jwt, bytes([one]) * 32) for jwt in ("a.b.c", "a.b.d") for one in (0, 1)}) == 4


def test_statement_at_the_limit_is_read_back_and_over_it_refused() -> None:
    room = 65_534 - len(b'{"statement":""}')
    fits = build_statement_leaf({"statement": "x" * room})
    assert len(fits) == 65_535
    assert parse_statement_leaf(fits) == {"statement": "x" * room}
    with pytest.raises(VaultError, match="65,534"):
        build_statement_leaf({"statement": "x" * (room + 1)})


def seal_by_hand(plain: bytes, fields: Sequence[bytes], leaf: bytes) -> tuple[bytes, tuple[bytes, ...]]:
    """Return a ciphertext of anything at all, and its keys."""
    keys = tuple(bytes([one + 1]) * 32 for one in range(len(fields) + 1))
    texts = [AESGCM(keys[0]).encrypt(bytes(12), plain, b"alteram/entry/v1\x00" + leaf)]
    for index, text in enumerate(fields):
        aad = b"alteram/field/v1\x00" + leaf + index.to_bytes(2, "big")
        texts.append(AESGCM(keys[index + 1]).encrypt(bytes(12), text, aad))
    return b"".join(len(text).to_bytes(4, "big") + text for text in texts), keys


def test_what_the_leaf_does_not_commit_to_is_refused_even_under_the_right_keys() -> None:
    sealed = make()
    opened = open_entry(sealed.ciphertext, sealed.keys, sealed.leaf)
    plain = opened.blinding + opened.jwt.encoded.encode()
    other = build_disclosures({"seq": 1}, Entropy(b"other"))[0].encoded.encode()
    for bad, fields, code in (
        (plain[:-1] + b"\xff", [], "entry.form"),
        (bytes(32) + plain[32:], [], "entry.commitment"),
        (plain[:-1] + (b"B" if plain[-1:] != b"B" else b"C"), [], "entry.commitment"),
        (plain, [other], "entry.digest"),
        (plain, [b"\xff"], "base64url"),
    ):
        ciphertext, keys = seal_by_hand(bad, fields, sealed.leaf)
        assert code_of(ciphertext, keys, sealed.leaf) == code
    ciphertext, keys = seal_by_hand(plain, [], sealed.leaf)
    assert open_entry(ciphertext, keys, sealed.leaf).presentation.claims == {}
