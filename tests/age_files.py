"""Age files with one thing wrong each, as the public test vectors of the age format have them (C2SP CCTV, age/).

The vectors' binary files cannot be shipped from here, so each is written anew from what its description says: the same
keys, the same bytes in the place of random ones (a ChaCha20 stream), the same defect, the same verdict. The header of
one is compared with the published one letter by letter. Nothing of the product's age code is used.
"""

from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256
from hmac import digest

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from alteram.core.vault import parse_identity

IDENTITY = parse_identity("AGE-SECRET-KEY-1EGTZVFFV20835NWYV6270LXYVK2VKNX2MMDKWYKLMGR48UAWX40Q2P2LM0")
FILE_KEY = b"YELLOW SUBMARINE"
LARGE_FILE_KEY = bytes.fromhex("7aa5bdac0e6afeed3dd0a7eccb42af44")
LARGE_NONCE = bytes.fromhex("c82f71eb82029b77136399e485e879f4")
ZEROS, ONES, TWOS = (bytes([one]) * 65_536 for one in range(3))
LOW_ORDER = bytes.fromhex("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f11d7")
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


def b64(data: bytes) -> str:
    return b64encode(data).decode().rstrip("=")


def hkdf(secret: bytes, salt: bytes, info: bytes) -> bytes:
    return digest(digest(salt or bytes(32), secret, sha256), info + b"\x01", sha256)


def respell(text: str) -> str:
    """Return base64 whose last unused bit is not zero."""
    return text[:-1] + _ALPHABET[_ALPHABET.index(text[-1]) + 1]


class AgeFile:
    """An age file being put together line by line; nothing keeps it from being wrong."""

    def __init__(self, file_key: bytes = FILE_KEY, version: str = "v1") -> None:
        stream = Cipher(algorithms.ChaCha20(b"TEST RANDOMNESS TEST RANDOMNESS!", bytes(16)), None).encryptor()
        self.random: Callable[[int], bytes] = lambda count: stream.update(bytes(count))
        self.file_key = file_key
        self.data = bytearray()
        self.plain = bytearray()
        self._number = 0
        self.line(f"age-encryption.org/{version}")

    def line(self, text: str) -> None:
        self.data += text.encode() + b"\n"

    def take_line(self) -> str:
        *kept, last = self.data.removesuffix(b"\n").split(b"\n")
        self.data = bytearray(b"".join(one + b"\n" for one in kept))
        return last.decode()

    def stanza(self, *arguments: str, body: bytes = b"") -> None:
        self.line(" ".join(("->", *arguments)))
        for at in range(0, len(body) + 1, 48):
            self.line(b64(body[at : at + 48]))

    def x25519(self, identity: bytes = IDENTITY, share: bytes | None = None) -> None:
        if share is None:
            share = X25519PrivateKey.from_private_bytes(self.random(32)).public_key().public_bytes_raw()
        own = X25519PrivateKey.from_private_bytes(identity)
        try:
            shared = own.exchange(X25519PublicKey.from_public_bytes(share))
        except ValueError:
            shared = bytes(32)
        key = hkdf(shared, share + own.public_key().public_bytes_raw(), b"age-encryption.org/v1/X25519")
        self.stanza("X25519", b64(share), body=ChaCha20Poly1305(key).encrypt(bytes(12), self.file_key, None))

    def mac(self, file_key: bytes | None = None) -> None:
        key = hkdf(self.file_key if file_key is None else file_key, b"", b"header")
        self.line("--- " + b64(digest(key, bytes(self.data) + b"---", sha256)))

    def nonce(self, nonce: bytes) -> None:
        self.data += nonce
        self._cipher = ChaCha20Poly1305(hkdf(self.file_key, nonce, b"payload"))

    def chunk(self, plain: bytes, *, last: bool = False) -> None:
        self.plain += plain
        self.data += self._cipher.encrypt(self._number.to_bytes(11, "big") + bytes([last]), plain, None)
        self._number += 0 if last else 1

    def payload(self) -> None:
        self.nonce(self.random(16))
        self.chunk(b"age", last=True)


Made = Callable[[], AgeFile]


def headed(*, before: Callable[[AgeFile], object] | None = None, after: Callable[[AgeFile], object]) -> Made:
    """Return a file in which something stands before the stanza or is done after it, and all else is right."""

    def make() -> AgeFile:
        file = AgeFile()
        if before is not None:
            before(file)
        file.x25519()
        after(file)
        file.mac()
        file.payload()
        return file

    return make


def signed(change: Callable[[str], str]) -> Made:
    """Return a file whose last line of the header is changed."""

    def make() -> AgeFile:
        file = AgeFile()
        file.x25519()
        file.mac()
        file.line(change(file.take_line()))
        file.payload()
        return file

    return make


def large(*steps: Callable[[AgeFile], object]) -> Made:
    """Return a file of whole chunks."""

    def make() -> AgeFile:
        file = AgeFile(LARGE_FILE_KEY)
        file.x25519()
        file.mac()
        file.nonce(LARGE_NONCE)
        for step in steps:
            step(file)
        return file

    return make


def chunk(plain: bytes) -> Callable[[AgeFile], None]:
    return lambda file: file.chunk(plain)


def last(plain: bytes) -> Callable[[AgeFile], None]:
    return lambda file: file.chunk(plain, last=True)


def add(count: int) -> Callable[[AgeFile], None]:
    def apply(file: AgeFile) -> None:
        file.data += file.random(count)

    return apply


def _flip_last_bit(file: AgeFile) -> None:
    file.data[-1] ^= 0b0010_0000


def _nothing(_file: AgeFile) -> None:
    pass


def _replace_stanza(change: Callable[[str, str], tuple[str, str]]) -> Made:
    def apply(file: AgeFile) -> None:
        body = file.take_line()
        for line in change(file.take_line(), body):
            file.line(line)

    return headed(after=apply)


def _small(cut: int) -> Made:
    def make() -> AgeFile:
        file = headed(after=_nothing)()
        del file.data[len(file.data) - cut :]
        return file

    return make


def _with_share(share: bytes) -> Made:
    def make() -> AgeFile:
        file = AgeFile()
        file.x25519(share=share)
        file.mac()
        file.payload()
        return file

    return make


def _long_file_key() -> AgeFile:
    file = AgeFile(b"A LONGER YELLOW SUBMARINE")
    file.x25519()
    file.mac()
    file.payload()
    return file


def _bad_mac() -> AgeFile:
    file = AgeFile()
    file.x25519()
    file.mac(bytes(16))
    file.payload()
    return file


def _no_match() -> AgeFile:
    file = AgeFile()
    file.x25519(file.random(32))
    file.mac()
    file.payload()
    return file


def _version(version: str, *, crlf: bool = False) -> Made:
    def make() -> AgeFile:
        file = AgeFile(version=version)
        file.x25519()
        if crlf:
            file.data = bytearray(file.data.replace(b"\n", b"\r\n"))
        file.mac()
        file.payload()
        return file

    return make


def _spoil_body(arguments: str, body: str) -> tuple[str, str]:
    return arguments, body[:-2] + ("A" if body[-2] != "A" else "B") + body[-1]


def _empty() -> AgeFile:
    file = AgeFile()
    file.data.clear()
    return file


def _pair(*lines: str) -> Callable[[AgeFile], None]:
    def apply(file: AgeFile) -> None:
        for one in lines:
            file.line(one)

    return apply


#: By the names of the vectors: what makes each, and what comes of it ("" where it opens).
FILES: dict[str, tuple[Made, str]] = {
    "empty": (_empty, "age.header"),
    "header_crlf": (_version("v1", crlf=True), "age.header"),
    "hmac_bad": (_bad_mac, "age.mac"),
    "hmac_extra_space": (signed(lambda one: one.replace("--- ", "---  ")), "age.header"),
    "hmac_garbage": (signed(lambda one: one + "AAA"), "age.header"),
    "hmac_missing": (signed(lambda _: "--- "), "age.header"),
    "hmac_no_space": (signed(lambda one: one.replace("--- ", "---")), "age.header"),
    "hmac_not_canonical": (signed(respell), "age.header"),
    "hmac_trailing_space": (signed(lambda one: one + " "), "age.header"),
    "hmac_truncated": (signed(lambda one: one[:8]), "age.header"),
    "scrypt_and_x25519": (
        headed(after=lambda file: file.stanza("scrypt", b64(bytes(16)), "10", body=bytes(32))),
        "age.header",
    ),
    "stanza_bad_start": (headed(after=_pair("-- stanza", "")), "age.header"),
    "stanza_base64_padding": (headed(after=_pair("-> stanza", "QUFBQQ==")), "age.header"),
    "stanza_empty_argument": (headed(after=_pair("-> stanza  empty", "")), "age.header"),
    "stanza_empty_body": (headed(after=lambda file: file.stanza("empty")), ""),
    "stanza_empty_last_line": (headed(after=lambda file: file.stanza("stanza", body=bytes(48))), ""),
    "stanza_invalid_character": (headed(after=lambda file: file.stanza("stanza", "è")), "age.header"),
    "stanza_long_line": (headed(after=_pair("-> stanza", "A" * 68, "")), "age.header"),
    "stanza_missing_body": (headed(after=_pair("-> stanza")), "age.header"),
    "stanza_missing_final_line": (headed(after=_pair("-> stanza", "A" * 64)), "age.header"),
    "stanza_multiple_short_lines": (headed(after=_pair("-> stanza", "QUFB", "QUFB")), "age.header"),
    "stanza_no_arguments": (headed(after=_pair("->", "")), "age.header"),
    "stanza_not_canonical": (headed(after=_pair("-> stanza", "QUJ")), "age.header"),
    "stanza_spurious_cr": (headed(after=_pair("-> stanza", "A" * 32 + "\r" + "A" * 31)), "age.header"),
    "stanza_valid_characters": (
        headed(
            before=lambda file: file.stanza("!\"#$%&'", "()*+,-./", "01234567", "89:;<=>?", "@ABCDEFG", "HIJKLMNO"),
            after=lambda file: file.stanza("PQRSTUVW", "XYZ[\\]^_", "`abcdefg", "hijklmno", "pqrstuvw", "xyz{|}~"),
        ),
        "",
    ),
    "stream_bad_tag": (large(last(b"age"), _flip_last_bit), "age.payload"),
    "stream_bad_tag_second_chunk": (large(chunk(ZEROS), last(b"age"), _flip_last_bit), "age.payload"),
    "stream_bad_tag_second_chunk_full": (large(chunk(ZEROS), last(ONES), _flip_last_bit), "age.payload"),
    "stream_empty_payload": (large(last(b"")), ""),
    "stream_last_chunk_empty": (large(chunk(ZEROS), last(b"")), "age.payload"),
    "stream_last_chunk_full": (large(last(ZEROS)), ""),
    "stream_last_chunk_full_second": (large(chunk(ZEROS), last(ONES)), ""),
    "stream_missing_tag": (_small(16), "age.payload"),
    "stream_no_chunks": (large(), "age.payload"),
    "stream_no_final": (large(chunk(b"age")), "age.payload"),
    "stream_no_final_full": (large(chunk(ZEROS)), "age.payload"),
    "stream_no_final_two_chunks": (large(chunk(ZEROS), chunk(b"age")), "age.payload"),
    "stream_no_final_two_chunks_full": (large(chunk(ZEROS), chunk(ONES)), "age.payload"),
    "stream_no_nonce": (_small(35), "age.payload"),
    "stream_short_chunk": (large(add(12)), "age.payload"),
    "stream_short_nonce": (_small(27), "age.payload"),
    "stream_short_second_chunk": (large(chunk(ZEROS), add(12)), "age.payload"),
    "stream_three_chunks": (large(chunk(ZEROS), chunk(ONES), last(b"age")), ""),
    "stream_trailing_garbage_long": (large(last(ZEROS), add(20)), "age.payload"),
    "stream_trailing_garbage_short": (large(last(ZEROS), add(12)), "age.payload"),
    "stream_two_chunks": (large(chunk(ZEROS), last(b"age")), ""),
    "stream_two_final_chunks": (large(last(ZEROS), last(b"age")), "age.payload"),
    "version_unsupported": (_version("v1234"), "age.header"),
    "x25519": (headed(after=_nothing), ""),
    "x25519_bad_tag": (_replace_stanza(_spoil_body), "age.no-match"),
    "x25519_extra_argument": (_replace_stanza(lambda one, body: (one + " 1234", body)), "age.header"),
    "x25519_grease": (
        headed(before=lambda file: file.stanza("grease"), after=lambda file: file.stanza("grease")),
        "",
    ),
    "x25519_identity": (_with_share(bytes(32)), "age.header"),
    "x25519_long_file_key": (_long_file_key, "age.header"),
    "x25519_long_share": (
        _replace_stanza(lambda one, body: (one[:10] + b64(bytes(33)), body)),
        "age.header",
    ),
    "x25519_low_order": (_with_share(LOW_ORDER), "age.header"),
    "x25519_lowercase": (_replace_stanza(lambda one, body: (one.replace("X25519", "x25519"), body)), "age.no-match"),
    "x25519_multiple_recipients": (
        headed(before=lambda file: file.x25519(file.random(32)), after=_nothing),
        "",
    ),
    "x25519_no_match": (_no_match, "age.no-match"),
    "x25519_not_canonical_body": (_replace_stanza(lambda one, body: (one, respell(body))), "age.header"),
    "x25519_not_canonical_share": (_replace_stanza(lambda one, body: (respell(one), body)), "age.header"),
    "x25519_short_share": (_replace_stanza(lambda one, body: (one[:10] + b64(bytes(31)), body)), "age.header"),
}
