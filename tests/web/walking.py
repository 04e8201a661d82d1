"""Every address of the project, filled in from the scene, and who asks for it.

What each is answered stands in `addresses.csv`, made by `tools/address_table.py` and then reviewed.
"""

import csv
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from alteram.core.kernel.identifiers import PersonId
from alteram.installation.models import Account
from alteram.installation.organisations import get_organisation
from alteram.installation.releases import find_quarter
from alteram.installation.signing_in import invite
from tests.web.conftest import prove
from tests.web.exhibit_scenes import lodge_letter
from tests.web.programs import Program
from tests.web.scenes import (
    CAUCUS,
    CHAIR,
    COMPLAINANT,
    CUSTODIAN,
    MANAGER,
    MEMBER,
    PANEL,
    RESPONDENT,
    ROW,
    SCRUTINEER,
    STRANGER,
    WHIP,
)

TABLE: Final = Path(__file__).with_name("addresses.csv")
ELSEWHERE: Final = "elsewhere"
OTHER_PARTY: Final = PersonId("other-reporter")
#: Who may not learn that the matter is there: each has an account, none has a part in it.
OUTSIDERS: Final = ("account", "elsewhere", "stranger", "other-party")
PEOPLE: Final[Mapping[str, PersonId]] = {
    "stranger": STRANGER,
    "other-party": OTHER_PARTY,
    "member": MEMBER,
    "complainant": COMPLAINANT,
    "respondent": RESPONDENT,
    "case-manager": MANAGER,
    "custodian": CUSTODIAN,
    "secretary": WHIP,
    "chair": CHAIR,
    "scrutineer": SCRUTINEER,
    "appeal-panel": PANEL[0],
}
ACTORS: Final = ("nobody", "account", "elsewhere", *PEOPLE)
#: What the parts of addresses are filled in with; a part that is not named here is filled in with what is nowhere.
VALUES: Final[Mapping[str, str]] = {
    "organisation": CAUCUS,
    "org": CAUCUS,
    "matter": ROW,
    "act": "response.given",
    "seq": "10",
    "number": "0",
    "letter": "notice",
    "digest": "0" * 64,
    "exhibit": "e1",
    "kind": "proof",
    "file": "log.vkey",
    "quarter": find_quarter(datetime.now(UTC), UTC).previous().previous().name,
    "member": MEMBER,
    "person": RESPONDENT,
    "pack": "nz-incorporated-societies-2022-sch2",
}
#: Where a part means something else, by what stands before it.
ELSE: Final[Mapping[str, Mapping[str, str]]] = {
    "members/acts/": {"act": "member.left"},
    "exhibit>/sound/": {"exhibit": "e2"},
    "exhibit>/transcript/": {"exhibit": "e2"},
    "letters/print/": {"letter": "reply-form"},
    "letters/printed/": {"letter": "reply-form"},
}
#: The parts of those libraries: walked as somebody who has signed in, and as nobody.
LIBRARY: Final = "accounts/"
_PART: Final = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)")


@dataclass(frozen=True, slots=True)
class Address:
    """An address with its parts not filled in, and how it is asked for."""

    method: str
    route: str

    def fill(self, **values: str) -> str:
        """Return it filled in from the scene."""
        other = next((found for before, found in ELSE.items() if before in self.route), {})
        known = {**VALUES, **other, **values}
        filled = _PART.sub(lambda found: known.get(found[1] or found[2], "1"), self.route)
        return "/" + filled.replace("^", "").replace("$", "").replace("\\Z", "")


def find_addresses() -> Iterator[Address]:
    """Yield every address, first to read, then to send something to, which may change what is read."""
    routes = tuple(dict.fromkeys(_walk(get_resolver(), "")))
    yield from (Address("GET", route) for route in routes)
    yield from (Address("POST", route) for route in routes if not route.startswith(LIBRARY))


def _walk(resolver: URLResolver, before: str) -> Iterator[str]:
    for one in resolver.url_patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLPattern):
            yield route
        else:
            yield from _walk(one, route)


class Walker:
    """Asks for addresses as each of the actors."""

    def __init__(self) -> None:
        lodge_letter(get_organisation(CAUCUS))
        lodge_letter(get_organisation(CAUCUS), "e2", b"fLaC and sound", kind="recording")
        self._accounts: dict[str, Account] = {
            name: invite(CAUCUS, person, f"{person}@{CAUCUS}.invalid") for name, person in PEOPLE.items()
        }
        self._accounts["account"] = Account.objects.create_account("account@nowhere.invalid")
        # The same identifier as the case manager of the caucus: what counts is where somebody is somebody.
        self._accounts["elsewhere"] = invite(ELSEWHERE, MANAGER, f"{MANAGER}@{ELSEWHERE}.invalid")
        self._programs = {name: Program(person) for name, person in PEOPLE.items()}
        self._programs["elsewhere"] = Program(MANAGER, organisation=ELSEWHERE)
        self._sessions: dict[str, dict[str, Any]] = {}
        #: One for all browsers, as where it is served: each of its own would begin all that stands before a page anew.
        self._handler = Client().handler

    def ask(self, address: Address, actor: str, **values: str) -> Any:
        """Return what an actor is answered."""
        target = address.fill(**values)
        # Opening an exhibit is an act, and an export waits until all acts are in the log.
        if address.method == "GET" and "/export" in target:
            get_organisation(CAUCUS).integrator.run()
        if target.startswith("/api/"):
            return self._call(address.method, target, actor)
        client = self._browse(actor)
        return _read(client.generic(address.method, target, content_type="application/x-www-form-urlencoded"))

    def _browse(self, actor: str) -> Client:
        """Return a browser in which an actor has just signed in: a session of its own, whatever others have asked."""
        client = self._open()
        account = self._accounts.get(actor)
        if account is None:
            return client
        if actor not in self._sessions:
            client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
            prove(client, account)
            self._sessions[actor] = dict(client.session.items())
            return client
        session = SessionStore()
        session.update(
            self._sessions[actor] | {"account_authentication_methods": [{"method": "link", "at": time.time()}]}
        )
        session.save(must_create=True)
        client.cookies[settings.SESSION_COOKIE_NAME] = str(session.session_key)
        return client

    def _open(self) -> Client:
        client = Client(raise_request_exception=False)
        client.handler = self._handler
        return client

    def _call(self, method: str, target: str, actor: str) -> Any:
        program = self._programs.get(actor)
        token = {"account": "Bearer alteram_0_0"} if program is None else {actor: f"Bearer {program.shown}"}
        headers = {"authorization": token[actor]} if actor in token else {}
        body = '{"act": "response.given", "fields": {"allegations": ["a1"], "stance": "deny"}}'
        return _read(self._open().generic(method, target, body, content_type="application/json", headers=headers))


def _read(response: Any) -> Any:
    """Return an answer with all of it read, as a browser would."""
    if response.streaming:
        b"".join(response.streaming_content)
    response.close()
    return response


def walk(walker: Walker, addresses: Iterator[Address]) -> Iterator[tuple[Address, dict[str, int]]]:
    """Yield each address with the status that each actor is answered with."""
    for address in addresses:
        actors = ("nobody", "stranger", "member") if address.route.startswith(LIBRARY) else ACTORS
        yield address, {actor: walker.ask(address, actor).status_code for actor in actors}


def read_table() -> dict[Address, dict[str, int]]:
    """Return what is expected."""
    with TABLE.open(newline="") as file:
        return {
            Address(row.pop("method"), row.pop("address")): {actor: int(told) for actor, told in row.items() if told}
            for row in csv.DictReader(file)
        }


def write_table(found: Mapping[Address, Mapping[str, int]]) -> None:
    """Write what was found in the place of what is expected."""
    with TABLE.open("w", newline="") as file:
        writer = csv.DictWriter(file, ["method", "address", *ACTORS], lineterminator="\n")
        writer.writeheader()
        for address in sorted(found, key=lambda one: (one.route, one.method)):
            writer.writerow({"method": address.method, "address": address.route, **found[address]})
