"""Ed25519 public keys that anybody could sign for, to be refused wherever a key is read.

>>> is_small_order(bytes(32))
True
"""

#: The y coordinates of the points of small order, canonical and not, without the sign bit.
_SMALL_ORDER = frozenset(
    bytes.fromhex(text)
    for text in (
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    )
)


def is_small_order(public: bytes) -> bool:
    """Return whether these 32 bytes are a point of small order, in any spelling, whatever its sign bit."""
    return public[:31] + bytes([public[31] & 0x7F]) in _SMALL_ORDER
