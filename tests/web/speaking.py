"""Somebody who speaks up without script: what they send and what they are shown."""

import re
from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from alteram.bootstrap import Opened
from alteram.core.kernel.identifiers import StreamId

SPEAK_UP = "/caucus/speak-up/"
SECRET = "He threatened me behind the bicycle shed."
PHOTO = b"what the camera saw " * 5000
HIDDEN = re.compile(r'name="(token|seed)" value="([^"]*)"')


def ask(client: Client, about: str = "person", identity: str = "anonymous") -> tuple[str, dict[str, str]]:
    """Return where the form is sent, and what it brings along."""
    page = client.get(f"{SPEAK_UP}report/?about={about}&identity={identity}").content.decode()
    return read_action(page), {"about": about, "identity": identity, "what": SECRET, **dict(HIDDEN.findall(page))}


def read_action(page: str) -> str:
    """Return where the form of a page is sent."""
    action = re.search(r'action="(/caucus/speak-up/report/[^"]+)"', page)
    assert action is not None
    return action[1]


def read_phrase(page: str) -> str:
    """Return the words that a page shows."""
    shown = re.search(r'<ol class="phrase"[^>]*>(.*?)</ol>', page, re.DOTALL)
    assert shown is not None
    return " ".join(re.findall(r"<li>(\w+)</li>", shown[1]))


def lodge(client: Client, identity: str = "anonymous", **fields: object) -> tuple[StreamId, str]:
    """Report; return the matter and the phrase."""
    action, form = ask(client, identity=identity)
    response = client.post(action, {**form, **fields})
    assert response.status_code == 200, response.content.decode()
    return StreamId(action.split("/")[-2]), read_phrase(response.content.decode())


def come_back(phrase: str) -> Client:
    """Return another browser that came back with a phrase."""
    client = Client()
    response = client.post(f"{SPEAK_UP}return/", {"phrase": phrase})
    assert response["Location"] == f"{SPEAK_UP}mine/"
    return client


def mine(matter: str) -> str:
    return f"{SPEAK_UP}mine/{matter}/"


def files(*contents: tuple[str, bytes]) -> list[SimpleUploadedFile]:
    return [SimpleUploadedFile(name, data, "image/jpeg") for name, data in contents]


def waiting(caucus: Opened) -> int:
    return len(caucus.organisation.ports.attachments.waiting(timedelta(0)))
