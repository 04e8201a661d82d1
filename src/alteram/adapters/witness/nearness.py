"""Whether a witness runs on the operator's own machine, and so is not independent (design: who is trusted with what).

It can show nearness, never distance: a witness elsewhere may still belong to the operator.
"""

import ipaddress
import socket
from ipaddress import IPv4Address, IPv6Address
from urllib.parse import urlsplit

#: What stands beside a witness that is on the operator's own machine, wherever it appears.
NOT_INDEPENDENT = "not independent"


def is_on_this_machine(url: str, *, look_up: bool = True) -> bool:
    """Return whether `url` leads back to this machine: by name, by a loopback address, or by one of its own addresses.

    A name that cannot be looked up now, or is not to be (`look_up`, which may take seconds), is taken at its word.
    """
    try:
        host = (urlsplit(url).hostname or "").removesuffix(".")
    except ValueError:
        return False
    if not host:
        return False
    if host == "localhost" or host.endswith(".localhost") or host in {socket.gethostname().lower(), "0.0.0.0"}:  # noqa: S104 - compared with, not bound to
        return True
    try:
        return _is_own_address(ipaddress.ip_address(host))
    except ValueError:
        return look_up and any(map(_is_own_address, _look_up(host)))


def is_near(url: str) -> bool:
    """Return the same at once, a name being taken at its word: a page does not wait for a look-up."""
    return is_on_this_machine(url, look_up=False)


def _look_up(host: str) -> set[IPv4Address | IPv6Address]:
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_DGRAM)
    except (OSError, UnicodeError):
        return set()
    return {ipaddress.ip_address(str(one[4][0]).partition("%")[0]) for one in found}


def _is_own_address(address: IPv4Address | IPv6Address) -> bool:
    if address.is_loopback or address.is_unspecified:
        return True
    family = socket.AF_INET6 if address.version == 6 else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind((str(address), 0))  # only an address of this machine can be bound
        except OSError:
            return False
    return True
