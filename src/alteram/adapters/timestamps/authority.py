"""Ask a time-stamping authority over HTTP (RFC 3161 section 3.4). It learns a hash and nothing else."""

import time
from hashlib import sha256
from typing import Final

import httpx
from rfc3161_client import TimestampRequestBuilder
from rfc3161_client.base import HashAlgorithm

from alteram.adapters.timestamps.token import MAX_TOKEN, TimestampError, parse_token_unverified

_QUERY: Final = "application/timestamp-query"
_REPLY: Final = "application/timestamp-reply"


def request_token(url: str, text: str, *, seconds: float = 10.0) -> bytes:
    """Return a token over SHA-256 of a checkpoint's `text`, as the authority sent it.

    The answer is checked to be for this request: same hash, same nonce. `verify_token` says whether to believe it.
    Raises: TimestampError when none could be had within `seconds`.
    """
    query = TimestampRequestBuilder().data(text.encode()).hash_algorithm(HashAlgorithm.SHA256).build()
    token = _send(url, query.as_bytes(), seconds)
    response = parse_token_unverified(token)
    if response.tst_info.message_imprint.message != sha256(text.encode()).digest():
        raise TimestampError("The authority stamped something else.")
    if response.tst_info.nonce != query.nonce:
        raise TimestampError("The authority answered another request.")
    return token


def _send(url: str, query: bytes, seconds: float) -> bytes:
    deadline = time.monotonic() + seconds
    data = bytearray()
    try:
        with httpx.stream("POST", url, content=query, headers={"Content-Type": _QUERY}, timeout=seconds) as response:
            kind = response.headers.get("Content-Type", "").partition(";")[0].strip()
            if response.status_code != 200 or kind != _REPLY:
                raise TimestampError(f"The authority answered {response.status_code} ({kind or 'no type'}).")
            for piece in response.iter_raw():
                data += piece
                if len(data) > MAX_TOKEN or time.monotonic() > deadline:
                    raise TimestampError("The authority's answer is too large or too slow.")
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise TimestampError(
            f"The authority cannot be reached ({type(error).__name__}).", remedy="Try again later; nothing is lost."
        ) from error
    return bytes(data)
