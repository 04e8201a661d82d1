"""Pages of a served installation at eight clients: a matter of 500 entries, reports that come in, memory, kill -9.

The bare limit is a static file from the same server in the same run: what is lost to whatever else the machine does
is lost there as well. Everything runs on the same two cores, the clients too.
"""

import json
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx

from alteram.bootstrap import Opened, open_folder
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.core.vault import derive_pseudonym
from alteram.operations.attachments import open_attachment
from alteram.operations.lodging import find_reported
from benchmarks.clients import CLIENTS, Told
from benchmarks.figures import Row, row
from benchmarks.installation import Served, served
from benchmarks.scenes import MANAGER, RESPONDENT, begin, fill, organisation
from tests.postgresql import find_bundled_server, find_debian_server, serve
from tests.web.serving import ROOT

ENTRIES = 500
SECONDS = 6.0
FORMS = 100
FILE = 20_000


def measure() -> list[Row]:
    with organisation() as opened:
        rows = measure_in(opened, "")
    programs = find_debian_server() or find_bundled_server()
    if programs is None:
        print("There is no PostgreSQL server: sudo apt-get install postgresql")
        return rows
    with serve(programs) as server, server.fresh_database() as url, organisation(url) as opened:
        server.execute("CREATE DATABASE accounts")
        accounts = f"postgresql://alteram@{quote(str(server.socket), safe='')}/accounts"
        rows += measure_in(opened, " on PostgreSQL", accounts)
        server.execute("DROP DATABASE accounts WITH (FORCE)")
    return rows


def measure_in(opened: Opened, where: str, accounts: str = "") -> list[Row]:
    stream = begin(opened, "long")
    begun = opened.organisation.state(stream).facts.head_seq + 1
    fill(opened, stream, ENTRIES - begun)
    with served(opened.folder, accounts) as one:
        return [
            *_measure_pages(one, where),
            *_measure_reports(one, where),
            *_measure_memory(one, where),
            *_kill_under_load(one, opened.folder, where),
        ]


def _measure_pages(one: Served, where: str) -> list[Row]:
    style = re.search(r'href="(/static/[^"]+\.css)"', httpx.get(f"{one.address}/").text)
    assert style, "no stylesheet"
    bare = _clients(one, "look", path=style[1], sessions=[], seconds=SECONDS / 2)
    rows = [row(f"a static file at 8 clients{where}: p95", _p95(bare), "ms")]
    sessions = one.sign_in("bench", MANAGER, RESPONDENT)
    certificate, cures = _issue(one, sessions[0]), _work_out(one, sessions[0])
    for name, path, session, target in (
        ("matter page of 500 entries, case manager", "/bench/matters/long/", sessions[0], 150),
        ("matter page of 500 entries, respondent", "/bench/matters/long/", sessions[1], 150),
        ("timeline of 500 entries, case manager", "/bench/matters/long/timeline/", sessions[0], None),
        ("form of an act in 500 entries", "/bench/matters/long/acts/exhibit.disclosed/", sessions[0], None),
        ("a certificate of 500 entries", certificate, sessions[0], None),
        ("what would mend a matter of 500 entries, as worked out", cures, sessions[0], None),
    ):
        _clients(one, "look", path=path, sessions=[session], seconds=1.0)  # both workers have looked once
        told = _clients(one, "look", path=path, sessions=[session], seconds=SECONDS)
        assert not told.errors, told.errors[:3]
        rows.append(row(f"{name}{where}: p95", _p95(told), "ms", target))
        rows.append(row("  (p50)", statistics.median(told.seconds) * 1e3, "ms"))
        rows.append(row("  (pages a second)", len(told.seconds) / told.took, "/s"))
    return rows


def _issue(one: Served, session: str) -> str:
    """Issue a certificate of the matter, once its newest entries are in the log; return its address."""
    for _ in range(60):
        answer = _send(one, session, "/bench/matters/long/certificates/")
        if answer.status_code == 302:
            return str(answer.headers["Location"])
        time.sleep(1)
    raise AssertionError(answer.text)


def _work_out(one: Served, session: str) -> str:
    """Have it worked out what would mend the matter; return the address of the page that then shows it."""
    path = "/bench/matters/long/fair/cures/"
    assert _send(one, session, path).status_code == 302
    for _ in range(120):
        with _browse(one, session) as browser:
            if 'id="progress"' not in browser.get(path).text:
                return path
        time.sleep(1)
    raise AssertionError("not worked out in two minutes")


def _send(one: Served, session: str, path: str) -> httpx.Response:
    """Send the form of a page as it stands."""
    with _browse(one, session) as browser:
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', browser.get(path).text)
        assert token, path
        return browser.post(path, data={"csrfmiddlewaretoken": token[1]})


def _browse(one: Served, session: str) -> httpx.Client:
    return httpx.Client(base_url=one.address, cookies={"sessionid": session}, timeout=60)


def _measure_reports(one: Served, where: str) -> list[Row]:
    rows = []
    _clients(one, "report", organisation="bench", attachment=0, seconds=1.0, forms=0)
    for name, size, forms in (
        ("reports", 0, FORMS),
        ("reports with a file of 20 kB", FILE, FORMS),
        ("reports, each with its form asked for", 0, 0),
    ):
        told = _clients(one, "report", organisation="bench", attachment=size, seconds=SECONDS, forms=forms)
        target = 80 if forms else None
        rows += [
            row(f"{name}, 8 clients{where}", len(told.acknowledged) / told.took, "/s", target, least=True),
            row("  (p95)", _p95(told), "ms"),
            row("  (errors)", len(told.errors), "", 0),
        ]
    return rows


def _measure_memory(one: Served, where: str) -> list[Row]:
    shared_once, each = one.mebibytes()
    return [
        row(f"memory of all {len(one.processes())} processes{where}", shared_once, "MiB", 400),
        row("  (shared pages counted in each)", each, "MiB"),
    ]


def _kill_under_load(one: Served, home: Path, where: str) -> list[Row]:
    """Kill everything while reports with files come in; what was acknowledged must all be there, files included."""
    with tempfile.TemporaryDirectory() as folder:
        kept = Path(folder, "attachment")
        killer = threading.Thread(target=_kill_once_busy, args=(one, kept))
        killer.start()
        told = _clients(one, "report", organisation="bench", attachment=FILE, seconds=60, forms=0, keep=str(kept))
        killer.join()
        content = kept.read_bytes()
    again = open_folder(home, clock=lambda: datetime.now(UTC))
    try:
        lost = [
            matter for matter, sign_in in told.acknowledged.items() if not _is_there(again, matter, sign_in, content)
        ]
    finally:
        again.close()
    return [
        row(f"acknowledged before kill -9 under load{where}", len(told.acknowledged), "reports"),
        row("  lost of them, or of their files", len(lost), "reports", 0),
    ]


def _kill_once_busy(one: Served, kept: Path) -> None:
    while not kept.exists():
        time.sleep(0.05)
    time.sleep(5)
    one.kill()


def _is_there(opened: Opened, matter: str, sign_in: str, content: bytes) -> bool:
    reporter: PersonId = derive_pseudonym(bytes.fromhex(sign_in), "bench")
    if StreamId(matter) not in find_reported(opened.organisation, reporter):
        return False
    found = open_attachment(opened.organisation, StreamId(matter), 0, 0, reporter)
    return b"".join(found.content) == content


def _clients(one: Served, kind: str, **asked: Any) -> Told:
    """Let eight clients do this, in a process of their own; return what came of it."""
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder, "told.json")
        told = {"kind": kind, "address": one.address, "result": str(result), **asked}
        command = [sys.executable, "-m", "benchmarks.clients", json.dumps(told)]
        subprocess.run(command, cwd=ROOT, env=one.environment, check=True)
        return Told(**json.loads(result.read_text()))


def _p95(told: Told) -> float:
    assert len(told.seconds) > CLIENTS, told.errors[:3]
    return statistics.quantiles(told.seconds, n=20)[-1] * 1e3
