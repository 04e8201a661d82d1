"""Requests that come slowly or are too large, against the server as it runs: nobody else waits for them."""

import select
import shutil
import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from tests.patience import HANGS
from tests.web.serving import served
from tests.web.speaking import HIDDEN, SECRET, SPEAK_UP, read_action

_HEAD = (
    "POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Length: {length}\r\n"
    "Content-Type: multipart/form-data; boundary=x\r\n{more}\r\n"
)

_LARGE = 100_000_000


@pytest.fixture(scope="module")
def address(caucus_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home = tmp_path_factory.mktemp("slow")
    shutil.copytree(caucus_folder, home, dirs_exist_ok=True)
    with served(home, workers=2) as one:
        yield one


def begin(address: str, path: str, *, length: int, sent: bytes = b"", more: str = "") -> socket.socket:
    """Begin a request, and send only so much of it."""
    place = urlsplit(address)
    one = socket.create_connection((place.hostname or "", place.port or 0), timeout=HANGS)
    one.sendall(_HEAD.format(path=path, host=place.netloc, length=length, more=more).encode() + sent)
    return one


def read_status(one: socket.socket) -> int:
    return int(one.recv(4096).split(b" ", 2)[1])


def lodge(address: str, size: int) -> str:
    """Report with a file of so many bytes; return the page that answers."""
    with httpx.Client(base_url=address, timeout=HANGS) as client:
        page = client.get(f"{SPEAK_UP}report/?about=person&identity=anonymous").text
        token = {"csrfmiddlewaretoken": client.cookies["csrftoken"]}
        form = {"about": "person", "identity": "anonymous", "what": SECRET, **dict(HIDDEN.findall(page)), **token}
        sent = {"files": ("photo.jpg", bytes(size), "image/jpeg")}
        answer = client.post(read_action(page), data=form, files=sent, headers={"Origin": address})
        assert answer.status_code == 200, answer.text
        return answer.text


@pytest.mark.parametrize("path", ["/sign-in/link/", f"{SPEAK_UP}report/r1/"])
def test_sixty_four_slow_uploads_keep_no_page_waiting(address: str, path: str) -> None:
    with ExitStack() as stack:
        uploads = [
            stack.enter_context(closing(begin(address, path, length=2_500_000, sent=b"--x\r\n"))) for _ in range(64)
        ]
        for _ in range(8):
            for one in uploads:
                one.sendall(bytes(10_000))  # enough not to be cut off for some time
            assert httpx.get(f"{address}/accounts/login/", timeout=HANGS).status_code == 200
            # The page came before any of them was answered or cut off: it waited for none.
            assert select.select(uploads, [], [], 0)[0] == []


def test_sixty_four_who_read_slowly_keep_no_page_waiting(address: str) -> None:
    place = urlsplit(address)
    page = f"GET /accounts/login/ HTTP/1.1\r\nHost: {place.netloc}\r\n\r\n".encode()
    with ExitStack() as stack:
        readers = [stack.enter_context(closing(socket.socket())) for _ in range(64)]
        for one in readers:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            one.connect((place.hostname, place.port))
            one.sendall(page * 8)
        assert httpx.get(f"{address}/accounts/login/", timeout=HANGS).status_code == 200
        # Nobody had read anything by then, and all of it is still there to be read: nobody was cut off for it.
        for one in readers:
            one.settimeout(HANGS)
            assert count_answers(one, 8) == 8


def count_answers(one: socket.socket, most: int) -> int:
    """Return how many answers came, until so many have or no more do."""
    found = b""
    while found.count(b"HTTP/1.1 200") < most and (more := one.recv(1 << 16)):
        found += more
    return found.count(b"HTTP/1.1 200")


def test_file_of_a_hundred_megabytes_is_taken_while_others_send_slowly(address: str) -> None:
    with ExitStack() as stack:
        for _ in range(16):
            stack.enter_context(closing(begin(address, f"{SPEAK_UP}report/r1/", length=_LARGE, sent=b"--x\r\n")))
        assert 'class="phrase"' in lodge(address, _LARGE)


def test_small_file_is_still_taken_after_that(address: str) -> None:
    assert 'class="phrase"' in lodge(address, 70_000)


def test_body_larger_than_a_page_takes_is_refused_before_it_is_sent(address: str) -> None:
    with closing(begin(address, "/sign-in/link/", length=_LARGE, sent=b"--x\r\n")) as one:
        assert read_status(one) in {400, 403, 413}


def test_body_larger_than_ten_files_is_refused_also_where_files_are_taken(address: str) -> None:
    with closing(begin(address, f"{SPEAK_UP}report/r1/", length=20 * _LARGE)) as one:
        assert read_status(one) == 413


def test_body_without_a_length_is_refused(address: str) -> None:
    place = urlsplit(address)
    with closing(socket.create_connection((place.hostname or "", place.port or 0), timeout=HANGS)) as one:
        one.sendall(f"POST / HTTP/1.1\r\nHost: {place.netloc}\r\nTransfer-Encoding: chunked\r\n\r\n".encode())
        assert read_status(one) == 411


def test_header_with_an_underscore_does_not_pass_for_the_proxy_of_another(address: str) -> None:
    host = urlsplit(address).netloc
    assert (
        httpx.get(
            f"{address}/", headers={"Host": host, "X_Forwarded_Host": "elsewhere.example"}, timeout=HANGS
        ).status_code
        == 200
    )
    answer = httpx.get(
        f"{address}/caucus/", headers={"Cookie_": "x", "Cookie": "a=1"}, follow_redirects=False, timeout=HANGS
    )
    assert answer.status_code == 302
