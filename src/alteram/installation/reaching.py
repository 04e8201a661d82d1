"""Reaching an address that somebody gave, without being led astray: no way into this machine or its network.

The host is resolved once, every address it has must be a public one, and the one that was looked at is the one that is
connected to, so that a name cannot change its meaning in between. Redirections are not followed, no proxy is asked, and
nothing of the answer is read but its status.
"""

import ipaddress
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from urllib.parse import urlsplit

import httpx
from django.conf import settings

from alteram.core.kernel.errors import AlteramError
from alteram.core.kernel.phrases import phrase
from alteram.installation.places import LOOPBACK, Places

_SECONDS: Final = 5.0
#: An answer that comes byte by byte keeps nobody waiting for longer.
_ALTOGETHER: Final = 15.0
#: The public part of IPv6. Outside of it, and in 6to4, are addresses that stand for one of IPv4, also a private one.
_PUBLIC_IPV6: Final = ipaddress.IPv6Network("2000::/3")
_6TO4: Final = ipaddress.IPv6Network("2002::/16")
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class UnreachableError(AlteramError):
    """An address is not one that may be reached, or has no host that answers to it."""


def resolve(url: str) -> tuple[str, _Address]:
    """Return the host and the address of a URL that may be reached. Raises: UnreachableError.

    Only https, and only public addresses; on an installation that is itself on loopback, loopback as well.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError as error:
        raise _refuse() from error
    if parts.scheme not in {"https", "http"} or not host or parts.username or parts.password or parts.fragment:
        raise _refuse()
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise UnreachableError(
            phrase("No such host was found."), remedy=phrase("Look at the address again.")
        ) from error
    addresses = [ipaddress.ip_address(str(one[4][0]).partition("%")[0]) for one in found]
    if not addresses or not all(_may_reach(one, secure=parts.scheme == "https") for one in addresses):
        raise _refuse()
    return host, addresses[0]


def post(url: str, body: bytes, headers: dict[str, str]) -> int:
    """Post to a URL that may be reached; return the status. Raises: UnreachableError, also where nothing answers."""
    host, address = resolve(url)
    target = httpx.URL(url)
    pinned = target.copy_with(host=str(address))
    told = {**headers, "Host": target.netloc.decode("ascii")}
    try:
        with (
            httpx.Client(trust_env=False, follow_redirects=False, timeout=_SECONDS) as client,
            _closed_after(client, _ALTOGETHER),
            client.stream("POST", pinned, content=body, headers=told, extensions={"sni_hostname": host}) as answer,
        ):
            return answer.status_code
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        raise UnreachableError(phrase("Nothing answered there."), remedy=phrase("It is tried again.")) from error


@contextmanager
def _closed_after(client: httpx.Client, seconds: float) -> Iterator[None]:
    """Break off whatever a client is at when it takes too long: each of its own limits begins again with each byte."""
    timer = threading.Timer(seconds, client.close)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _may_reach(address: _Address, *, secure: bool) -> bool:
    places: Places = settings.PLACES
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    if address.is_loopback:
        return places.host in LOOPBACK
    if isinstance(address, ipaddress.IPv6Address) and (address not in _PUBLIC_IPV6 or address in _6TO4):
        return False
    return secure and address.is_global and not address.is_multicast


def _refuse() -> UnreachableError:
    return UnreachableError(
        phrase("Only https addresses on the public network can be told."),
        remedy=phrase("Give one that begins with https://."),
    )
