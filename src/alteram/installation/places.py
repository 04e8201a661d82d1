"""Where an installation keeps what it needs, told by the environment.

ALTERAM_HOME      the folder of the organisation served, or a folder of such folders (default: alteram-data)
ALTERAM_ADDRESS   the address people use, such as https://matters.example.org (default: http://127.0.0.1:8000)
ALTERAM_ACCOUNTS  a PostgreSQL URL for accounts and jobs (default: SQLite in the folder)
ALTERAM_MAIL      an SMTP URL: smtp://user:password@host:587 (default: letters are written to a folder)
ALTERAM_OIDC_SERVER, ALTERAM_OIDC_CLIENT, ALTERAM_OIDC_SECRET
                  the organisation's own sign-in (OpenID Connect): its address, and what it knows this installation by
ALTERAM_FONTS     folders of fonts, parted by colons, for letters in scripts that the shipped fonts lack (default: where
                  Debian puts its Noto fonts, if they are there)
ALTERAM_LEAST     what a number in the statistics stands for at least, or it is hidden (default, and never less: 5)
ALTERAM_CLOCK     a file that holds seconds to add to the clock; only where the address is this machine's own, for tests
"""

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

#: Fewer would single people out (docs/explanation/statistics.md).
LEAST = 5
#: Where Debian's fonts-noto-core and fonts-noto-cjk are.
NOTO = (Path("/usr/share/fonts/truetype/noto"), Path("/usr/share/fonts/opentype/noto"))
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True, slots=True)
class Places:
    """What the environment says."""

    home: Path
    address: str
    accounts: str
    mail: str
    clock: Path | None
    oidc: tuple[str, str, str] | None = None
    """Server, client and secret of the organisation's own sign-in."""
    least: int = LEAST
    fonts: tuple[Path, ...] = ()
    """Folders of fonts for letters in scripts that the shipped ones lack."""

    @property
    def host(self) -> str:
        """Return the host people use, without port."""
        return urlsplit(self.address).hostname or ""

    @property
    def secure(self) -> bool:
        """Return whether people reach it over TLS."""
        return urlsplit(self.address).scheme == "https"

    @property
    def folder(self) -> Path:
        """Return the folder of the installation's own files."""
        return self.home / "installation"


def read_places() -> Places:
    """Return the places as the environment names them now."""
    address = os.environ.get("ALTERAM_ADDRESS", "http://127.0.0.1:8000").rstrip("/")
    clock = os.environ.get("ALTERAM_CLOCK", "")
    server, client = os.environ.get("ALTERAM_OIDC_SERVER", ""), os.environ.get("ALTERAM_OIDC_CLIENT", "")
    return Places(
        home=Path(os.environ.get("ALTERAM_HOME", "alteram-data")).absolute(),
        address=address,
        accounts=os.environ.get("ALTERAM_ACCOUNTS", ""),
        mail=os.environ.get("ALTERAM_MAIL", ""),
        clock=Path(clock) if clock and (urlsplit(address).hostname or "") in LOOPBACK else None,
        least=_read_least(os.environ.get("ALTERAM_LEAST", "")),
        fonts=_read_fonts(os.environ.get("ALTERAM_FONTS", "")),
        oidc=(server, client, os.environ.get("ALTERAM_OIDC_SECRET", "")) if server and client else None,
    )


def _read_least(text: str) -> int:
    """Return what is asked for, never less than protects; what is no number counts for nothing."""
    return max(LEAST, int(text)) if text.isascii() and text.isdecimal() and len(text) < 7 else LEAST


def _read_fonts(text: str) -> tuple[Path, ...]:
    return tuple(Path(one).absolute() for one in text.split(":") if one) or NOTO
