"""Programs that call the API for people of the caucus, as a client of theirs would."""

import json
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from alteram.core.kernel.identifiers import PersonId
from alteram.installation.models import Membership
from alteram.installation.signing_in import invite
from alteram.installation.tokens import SCOPES, make_token
from tests.web.scenes import CAUCUS

API = f"/api/v1/{CAUCUS}"


class Program:
    """A program with a token of somebody's."""

    def __init__(
        self, person: str, scopes: tuple[str, ...] = SCOPES, *, organisation: str = CAUCUS, days: int = 30
    ) -> None:
        account = invite(organisation, PersonId(person), f"{person}@{organisation}.invalid")
        membership = Membership.objects.get(account=account, organisation=organisation)
        self.token, self.shown = make_token(membership, "test", scopes, days, now=timezone.now())
        self.client = Client(headers={"authorization": f"Bearer {self.shown}"})

    def get(self, address: str) -> Any:
        return self.client.get(address)

    def post(self, address: str, body: object, *, key: str | None = None) -> Any:
        headers = {} if key is None else {"idempotency-key": key}
        data = body if isinstance(body, str) else json.dumps(body)
        return self.client.post(address, data, content_type="application/json", headers=headers)

    def send(self, address: str, part: str, body: object, *files: tuple[str, bytes], key: str | None = None) -> Any:
        """Send a part in JSON, and files."""
        headers = {} if key is None else {"idempotency-key": key}
        return self.client.post(address, build_form(part, body, *files), headers=headers)

    def call(self, method: str, address: str) -> Any:
        return self.client.generic(method, address)


def build_form(part: str, body: object, *files: tuple[str, bytes]) -> dict[str, Any]:
    """Return a form of a part in JSON, and files."""
    uploads = [SimpleUploadedFile(name, data, "image/jpeg") for name, data in files]
    return {part: json.dumps(body), **({"files": uploads} if uploads else {})}


def read(response: Any, status: int = 200) -> Any:
    """Return what an answer holds, which must be of this status and say what it is."""
    assert response.status_code == status, response.content
    kind = "application/json" if status < 400 else "application/problem+json"
    assert response.headers["Content-Type"].partition(";")[0] == kind
    return json.loads(response.content)
