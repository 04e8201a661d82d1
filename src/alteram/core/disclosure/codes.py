r"""The code in marked copies: which symbol each copy carries at each place, derived from the bundle's seed alone.

A fingerprinting code after Tardos (2003), with the finite bias distribution of Nuida and others (2009) for up to six
colluders: the zeros of the third Legendre polynomial moved to (0, 1). docs/spec/evidence.md §3.2 gives every byte.

    seed       HKDF-SHA256(key of the unmarked bundle's file, no salt, info = "alteram/mark-seed/v1")
    position   u64: page (from 1) x 4096 + slot
    bias       HMAC(HMAC(seed, "alteram/mark/bias/v1"), u64be block), sixteen u16be in a block
    symbol     HMAC(HMAC(seed, "alteram/mark/copy/v1\0" || copy), u64be block), likewise

No randomness of its own. Whoever holds the seed can make any copy: a mark says which copy, never who leaked it.
"""

import hmac
from collections.abc import Iterator
from typing import Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from alteram.core.disclosure.errors import MarkError
from alteram.core.kernel.phrases import phrase

SEED_SIZE: Final = 32
#: Slots of one page; the page's places in the code begin at page x SLOTS.
SLOTS: Final = 4096
MAX_PAGE: Final = 1_000_000
MAX_COPY: Final = 255
#: What the biases are of: the chance of symbol 1, in 65,536ths, and how often each is drawn, likewise.
BIASES: Final = (7386, 32768, 58150)
SHARES: Final = (21759, 22018, 21759)
#: What the distribution is optimal for; more may be caught, nothing is said of it.
DESIGNED_FOR: Final = 6
#: How many symbols are drawn at a time; whoever wants some begins at a multiple of it.
BLOCK: Final = 16
_SEED: Final = b"alteram/mark-seed/v1"
_BIAS: Final = b"alteram/mark/bias/v1"
_COPY: Final = b"alteram/mark/copy/v1\x00"
_NOISE: Final = b"alteram/mark/pattern/v1"


def derive_seed(file_key: bytes) -> bytes:
    """Return the seed of a bundle's marks from the key that its unmarked file is sealed under: one lives as long."""
    return HKDF(SHA256(), SEED_SIZE, None, _SEED).derive(file_key)


def verify_seed(seed: bytes) -> bytes:
    """Return a bundle's seed. Raises: MarkError when it is not 32 bytes."""
    if len(seed) != SEED_SIZE:
        raise MarkError("mark.seed", phrase("The seed of a bundle's marks is 32 bytes."))
    return seed


def derive_biases(seed: bytes, page: int, slots: int, *, first: int = 0) -> bytes:
    """Return for so many slots of a page, from `first`, which of BIASES each has: 0, 1 or 2. Raises: MarkError."""
    key = hmac.digest(verify_seed(seed), _BIAS, "sha256")
    second = SHARES[0] + SHARES[1]
    return bytes(0 if one < SHARES[0] else 1 if one < second else 2 for one in _draw(key, page, slots, first))


def derive_symbols(seed: bytes, copy: bytes, page: int, slots: int, *, first: int = 0) -> bytes:
    """Return the symbols, 0 or 1, that a copy carries in so many slots of a page, from `first`. Raises: MarkError."""
    if not 1 <= len(copy) <= MAX_COPY:
        raise MarkError("mark.copy", phrase("What a copy is called in its marks is 1 to 255 bytes."))
    key = hmac.digest(verify_seed(seed), _COPY + copy, "sha256")
    biases = derive_biases(seed, page, slots, first=first)
    return bytes(one < BIASES[bias] for one, bias in zip(_draw(key, page, slots, first), biases, strict=True))


def derive_pattern(seed: bytes, page: int, size: int) -> bytes:
    """Return the pattern that a page's images are marked with: so many bits, the highest of each byte first."""
    return draw_pattern(derive_pattern_key(seed, page), size)


def derive_pattern_key(seed: bytes, page: int) -> bytes:
    """Return what one page's pattern is drawn from. It tells nothing of the seed, of symbols, or of other pages."""
    return hmac.digest(verify_seed(seed), _NOISE + _check_page(page).to_bytes(4, "big"), "sha256")


def draw_pattern(key: bytes, size: int) -> bytes:
    """Return the pattern that `derive_pattern` returns, from the page's own key."""
    blocks = -(-size // 256)
    return b"".join(hmac.digest(key, number.to_bytes(8, "big"), "sha256") for number in range(blocks))


def _draw(key: bytes, page: int, slots: int, first: int) -> Iterator[int]:
    """Yield the u16 of each slot."""
    if not 0 <= first <= first + slots <= SLOTS or first % BLOCK:
        raise MarkError(
            "mark.slots", phrase("A page carries at most 4,096 symbols, and is read from a multiple of 16.")
        )
    begin = (_check_page(page) * SLOTS + first) // BLOCK
    for number in range(-(-slots // BLOCK)):
        block = hmac.digest(key, (begin + number).to_bytes(8, "big"), "sha256")
        for at in range(min(BLOCK, slots - number * BLOCK)):
            yield int.from_bytes(block[2 * at : 2 * at + 2], "big")


def _check_page(page: int) -> int:
    if not 1 <= page <= MAX_PAGE:
        raise MarkError("mark.page", phrase("Pages of a marked bundle are numbered from 1 to 1,000,000."))
    return page
