"""Write testdata/passkeys/: `python -m tools.make_passkey_vectors`. Presentations signed by passkeys (record R3.9)."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from alteram.core.acts import ReportLodged
from alteram.core.kernel.canonical import Json
from alteram.core.record import encode_claims
from alteram.core.record.entry import is_signed_by_author
from alteram.core.vault import (
    Assertion,
    build_act_digest,
    build_disclosures,
    build_passkey_claim,
    sign_jwt,
)
from alteram.core.vault.disclosures import build_disclosure
from tests.exports import MATTER, RECORD_KEY, Entropy, build_log
from tests.passkeys import eddsa_passkey_of, passkey_of

FOLDER = Path(__file__).resolve().parents[1] / "testdata" / "passkeys"
Sign = Callable[[bytes], Assertion]
_OWN, _OTHER, _EDWARDS = passkey_of("own"), passkey_of("other"), eddsa_passkey_of("own")
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def main() -> None:
    """Write every file."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, (desc, error, presentation) in _vectors():
        text = json.dumps({"desc": desc, "error": error, "presentation": presentation}, indent=1, sort_keys=True)
        (FOLDER / f"{name}.json").write_text(text + "\n")


def _vectors() -> Iterator[tuple[str, tuple[str, str | None, str]]]:
    for name, (desc, error, sign) in _assertions().items():
        yield name, (desc, error, _present(_OWN.cose, sign))
    for name, (desc, error, key, sign) in _keys().items():
        yield name, (desc, error, _present(key, sign))
    yield "member-missing", ("a claim without client_data", "author.form", _present(_OWN.cose, _OWN.sign, _drop))
    yield (
        "covers-too-little",
        ("a claim is disclosed that was not signed", "author.covers", _present(_OWN.cose, _OWN.sign, left_out=1)),
    )
    yield "act-withheld", ("only the signature is disclosed", None, _present(_OWN.cose, _OWN.sign, shown=("author",)))


def _assertions() -> dict[str, tuple[str, str | None, Sign]]:
    def collected(**change: object) -> Sign:
        return lambda digest: _OWN.answer(_OWN.collect(digest, **change))

    def written(put: Callable[[bytes], bytes]) -> Sign:
        return lambda digest: _OWN.answer(put(_OWN.collect(digest)))

    def with_data(put: Callable[[bytes], bytes]) -> Sign:
        return lambda digest: _OWN.answer(_OWN.collect(digest), put(_OWN.build_data()))

    def at(origin: str) -> Sign:
        return replace(_OWN, origin=origin).sign

    def signature(put: Callable[[bytes], bytes]) -> Sign:
        return lambda digest: replace(_OWN.sign(digest), signature=put(_OWN.sign(digest).signature))

    size = len(_OWN.collect(bytes(32), more=""))
    bad = "author.assertion"
    return {
        "good": ("a passkey of ES256", None, _OWN.sign),
        "good-at-a-port": ("an origin with a port", None, at("https://caucus.example:8443")),
        "good-on-this-machine": ("a page of localhost", None, at("http://localhost:8000")),
        "good-with-more": ("a member that is not known", None, collected(later="words")),
        "good-longest": ("client data of 2,048 bytes", None, collected(more="x" * (2048 - size))),
        "good-without-cross-origin": (
            "a browser that does not say crossOrigin",
            None,
            written(lambda told: told.replace(b',"crossOrigin":false', b"")),
        ),
        "good-high-s": ("the other signature of the same numbers", None, signature(_mirror)),
        "too-long": ("client data of 2,049 bytes", bad, collected(more="x" * (2049 - size))),
        "another-challenge": ("another act's digest", bad, lambda digest: _OWN.sign(digest[::-1])),
        "challenge-padded": ("the challenge with padding", bad, written(lambda told: told.replace(b'","o', b'=","o'))),
        "another-type": ("a passkey that was made, not used", bad, collected(type="webauthn.create")),
        "another-origin": ("an origin that the passkey is not of", bad, collected(origin="https://other.example")),
        "origin-in-clear": ("http, not on this machine", bad, at("http://caucus.example")),
        "origin-of-an-app": ("an origin that is no page", bad, at("android:apk-key-hash:abc")),
        "origin-with-path": ("an origin with a path", bad, at("https://caucus.example/")),
        "cross-origin": ("asked from within another site's page", bad, collected(crossOrigin=True)),
        "nested": ("an object within", bad, collected(more={})),
        "too-deep": ("lists within one another", bad, written(lambda told: told[:0] + b"[" * 2000)),
        "number": ("a number within", bad, collected(more=1)),
        "name-twice": ("one name twice", bad, written(lambda told: told[:-1] + b',"type":"webauthn.get"}')),
        "client-data-trailing": ("something after the object", bad, written(lambda told: told + b"{}")),
        "client-data-not-utf-8": (
            "a byte that is not UTF-8",
            bad,
            written(lambda told: told.replace(b"get", b"g\xfft")),
        ),
        "nobody-present": ("the flag of presence missing", bad, _OWN.without_flags().sign),
        "with-extensions": ("flags that say extensions follow", bad, replace(_OWN, flags=0x81).sign),
        "with-credential": ("flags that say a credential follows", bad, replace(_OWN, flags=0x41).sign),
        "data-trailing": ("a byte after the authenticator's data", bad, with_data(lambda data: data + b"\0")),
        "data-short": ("a byte less of the authenticator's data", bad, with_data(lambda data: data[:-1])),
        "data-empty": ("no data of an authenticator", bad, with_data(lambda data: data[:0])),
        "flipped-bit": ("one bit of the signature", "author.signature", signature(_flip)),
        "signature-trailing": ("a byte after the signature", "author.signature", signature(lambda told: told + b"\0")),
        "signature-empty": ("no signature", "author.signature", signature(lambda told: told[:0])),
        "counter-changed": (
            "another counter than was signed",
            "author.signature",
            lambda digest: replace(_OWN.sign(digest), authenticator_data=_OWN.build_data()[:-1] + b"\x08"),
        ),
        "another-key": ("signed by another passkey", "author.signature", _OTHER.sign),
    }


def _keys() -> dict[str, tuple[str, str | None, bytes, Sign]]:
    cose, bad = _OWN.cose, "author.key"
    return {
        "good-eddsa": ("a passkey of EdDSA", None, _EDWARDS.cose, _EDWARDS.sign),
        "eddsa-flipped-bit": (
            "one bit of a signature of EdDSA",
            "author.signature",
            _EDWARDS.cose,
            lambda digest: replace(_EDWARDS.sign(digest), signature=_flip(_EDWARDS.sign(digest).signature)),
        ),
        "key-trailing": ("a byte after the key", bad, cose + b"\0", _OWN.sign),
        "key-short": ("a byte less of the key", bad, cose[:-1], _OWN.sign),
        "key-off-the-curve": ("a point that is none of the curve", bad, cose[:-1] + bytes([cose[-1] ^ 1]), _OWN.sign),
        "key-of-another-algorithm": (
            "a key that says ES384",
            bad,
            cose.replace(b"\x03\x26", b"\x03\x38\x22"),
            _OWN.sign,
        ),
        "key-in-another-order": ("y before x", bad, cose[:7] + cose[42:] + cose[7:42], _OWN.sign),
        "key-raw": ("a bare key of Ed25519", bad, _EDWARDS.cose[10:], _EDWARDS.sign),
        "key-of-small-order": ("a key that anybody could sign for", bad, _EDWARDS.cose[:10] + bytes(32), _EDWARDS.sign),
    }


def _present(
    key: bytes,
    sign: Sign,
    change: Callable[[dict[str, Json]], dict[str, Json]] = lambda claim: claim,
    *,
    left_out: int = 0,
    shown: tuple[str, ...] = (),
) -> str:
    log, entropy = build_log(), Entropy(b"passkeys")
    entry = log.next_entry(MATTER, ReportLodged(identity="named", about="person", text="What was said."), "m03")
    disclosures = build_disclosures(encode_claims(entry), entropy)
    covers = sorted(one.digest for one in disclosures if is_signed_by_author(one.name))[left_out:]
    claim = change(build_passkey_claim(covers, key, sign(build_act_digest(covers))))
    disclosures = (*disclosures, build_disclosure("author", claim, entropy(16)))
    jwt = sign_jwt(disclosures, RECORD_KEY, entropy)
    encoded = [one.encoded for one in disclosures if not shown or one.name in shown]
    return "".join(f"{part}~" for part in (jwt, *encoded))


def _drop(claim: dict[str, Json]) -> dict[str, Json]:
    return {name: value for name, value in claim.items() if name != "client_data"}


def _flip(signature: bytes) -> bytes:
    return signature[:-1] + bytes([signature[-1] ^ 1])


def _mirror(signature: bytes) -> bytes:
    """Return the signature with n - s in the place of s, which verifies as well."""
    r, s = decode_dss_signature(signature)
    return encode_dss_signature(r, _ORDER - s)


if __name__ == "__main__":
    main()
