"""Eight browsers in a process of their own: each asks, reads the answer to its end, and asks again.

They speak HTTP by the standard library alone: whoever measures takes as little of the two cores as it can.
"""

import json
import re
import secrets
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from http.client import HTTPConnection, HTTPException
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

CLIENTS = 8
_HIDDEN = re.compile(r'name="(token|seed|csrfmiddlewaretoken)" value="([^"]*)"')
_ACTION = re.compile(r'action="([^"]*/speak-up/report/([^"/]+)/[^"]*)"')
_BOUNDARY = "a1b2c3d4e5f6a7b8c9d0"


@dataclass
class Told:
    """What came of it: seconds of each answer, the reports acknowledged (by matter), what went wrong."""

    seconds: list[float] = field(default_factory=list)
    acknowledged: dict[str, str] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    took: float = 0.0


class Browser:
    """One connection that stays open, with its cookies."""

    def __init__(self, address: str, session: str = "") -> None:
        self._connection = HTTPConnection(urlsplit(address).netloc, timeout=60)
        self._cookies = {"sessionid": session} if session else {}

    def ask(self, method: str, path: str, body: bytes = b"", kind: str = "") -> tuple[int, bytes]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        if kind:
            headers["Content-Type"] = kind
        self._connection.request(method, path, body, headers)
        response = self._connection.getresponse()
        for cookie in response.headers.get_all("Set-Cookie") or ():
            name, _, value = cookie.partition(";")[0].partition("=")
            self._cookies[name] = value
        return response.status, response.read()


@dataclass(frozen=True)
class Form:
    """A report that was filled in, ready to be sent by the browser that was given the form."""

    path: str
    matter: str
    sign_in: str
    body: bytes


def fetch_form(browser: Browser, organisation: str, attachment: bytes) -> Form:
    status, page = browser.ask("GET", f"/{organisation}/speak-up/report/?about=person&identity=anonymous")
    found = _ACTION.search(page.decode())
    assert status == 200, status
    assert found, "no form"
    sign_in = secrets.token_hex(32)
    fields = {"about": "person", "identity": "anonymous", "what": "What happened. " * 20, "sign_in": sign_in}
    return Form(found[1], found[2], sign_in, _encode({**fields, **dict(_HIDDEN.findall(page.decode()))}, attachment))


def _encode(fields: dict[str, str], attachment: bytes) -> bytes:
    start = f"--{_BOUNDARY}\r\nContent-Disposition: form-data; name="
    parts = [f'{start}"{name}"\r\n\r\n{value}\r\n'.encode() for name, value in fields.items()]
    if attachment:
        named = f'{start}"files"; filename="photo.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
        parts += [named.encode(), attachment, b"\r\n"]
    return b"".join([*parts, f"--{_BOUNDARY}--\r\n".encode()])


def look(address: str, path: str, sessions: list[str], seconds: float) -> Told:
    """Ask for one page again and again."""

    def work(place: int, told: Told, _until: float) -> Iterator[None]:
        browser = Browser(address, sessions[place % len(sessions)] if sessions else "")
        while True:
            began = time.perf_counter()
            status, _ = browser.ask("GET", path)
            told.seconds.append(time.perf_counter() - began)
            if status != 200:
                told.errors.append(str(status))
            yield

    return _all_at_once(work, seconds)


def report(address: str, organisation: str, attachment: bytes, seconds: float, forms: int) -> Told:
    """Send reports whose forms were fetched before, `forms` for each client; with 0, fetch each just before."""
    ready: list[tuple[Browser, list[Form]]] = []
    for _ in range(CLIENTS):
        browser = Browser(address)
        ready.append((browser, [fetch_form(browser, organisation, attachment) for _ in range(forms)]))

    def work(place: int, told: Told, _until: float) -> Iterator[None]:
        browser, mine = ready[place]
        for number in count():
            if forms and number == forms:
                return
            began = time.perf_counter()
            form = mine[number] if forms else fetch_form(browser, organisation, attachment)
            status, page = browser.ask("POST", form.path, form.body, f"multipart/form-data; boundary={_BOUNDARY}")
            told.seconds.append(time.perf_counter() - began)
            if status == 200:
                told.acknowledged[form.matter] = form.sign_in
            else:
                told.errors.append(f"{status} {page[:200]!r}")
            yield

    return _all_at_once(work, seconds)


def _all_at_once(work: Callable[[int, Told, float], Iterator[None]], seconds: float) -> Told:
    told, until = [Told() for _ in range(CLIENTS)], time.perf_counter() + seconds

    def run(place: int) -> None:
        try:
            for _ in work(place, told[place], until):
                if time.perf_counter() > until:
                    break
        except (OSError, HTTPException) as error:  # the server was killed
            told[place].errors.append(type(error).__name__)

    threads = [threading.Thread(target=run, args=(place,)) for place in range(CLIENTS)]
    began = time.perf_counter()
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    whole = Told(took=time.perf_counter() - began)
    for each in told:
        whole.seconds += each.seconds
        whole.acknowledged |= each.acknowledged
        whole.errors += each.errors
    return whole


def main() -> None:
    asked = json.loads(sys.argv[1])
    kind, result = asked.pop("kind"), Path(asked.pop("result"))
    if "attachment" in asked:
        asked["attachment"] = secrets.token_bytes(asked["attachment"])
        with suppress(KeyError):
            Path(asked.pop("keep")).write_bytes(asked["attachment"])
    told = look(**asked) if kind == "look" else report(**asked)
    result.write_text(json.dumps(asdict(told)))


if __name__ == "__main__":
    main()
