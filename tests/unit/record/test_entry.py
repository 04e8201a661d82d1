"""Entries to claims and back, and sealing them."""

from dataclasses import replace

import pytest

from alteram.core.acts import ReportLodged
from alteram.core.acts.reported import Reported
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.core.record import Attachment, Entry, RecordError, Seen, encode_claims, parse_entry, seal
from alteram.core.vault import open_entry, verify_author
from tests.exports import MATTER, RECORD_KEY, START, Entropy, author_of

ENTRY = Entry(
    stream=MATTER,
    seq=1,
    prev=bytes(range(32)),
    act=ReportLodged(identity="anonymous", about="practice", text="What was said."),
    actor=None,
    at=START,
    ruling={"result": "allowed"},
)
RICH = replace(
    ENTRY,
    actor=PersonId("m03"),
    reads=((StreamId("organisation"), 4), (StreamId("matter-2"), 0)),
    seen=Seen("example.org/log", 3, bytes(32)),
    reported=Reported(first=START, agreed_by=(PersonId("m05"),)),
    attachments=(Attachment("ab" * 32, 17),),
)


@pytest.mark.parametrize("entry", [ENTRY, RICH, replace(ENTRY, seq=0, prev=None)], ids=["bare", "rich", "first"])
def test_entry_is_read_back_from_its_claims(entry: Entry) -> None:
    assert parse_entry(encode_claims(entry)) == entry


@pytest.mark.parametrize("entry", [ENTRY, RICH], ids=["bare", "rich"])
def test_sealed_entry_opens_to_itself_signed_by_its_author(entry: Entry) -> None:
    sealed = seal(entry, record_key=RECORD_KEY, author_key=author_of("m03"), entropy=Entropy(b"entry"))
    shown = open_entry(sealed.ciphertext, sealed.keys, sealed.leaf).presentation
    assert parse_entry(shown.claims) == entry
    shown.jwt.verify(RECORD_KEY.public)
    assert verify_author(shown, frozenset({"act", "act.text", "at", "actor", "stream"}), shown.claims) == "verified"


def test_defaults_of_an_act_are_not_written() -> None:
    assert "act.urgent" not in encode_claims(ENTRY)
    urgent = replace(ENTRY, act=ReportLodged(identity="anonymous", about="practice", text="Now.", urgent=True))
    assert encode_claims(urgent)["act.urgent"] is True


def test_every_claim_is_needed() -> None:
    claims = encode_claims(RICH)
    for name in claims:
        with pytest.raises(RecordError) as caught:
            parse_entry({key: value for key, value in claims.items() if key != name})
        assert caught.value.code == "entry.withheld", name


def test_author_may_be_withheld_and_nothing_else_may_be_added() -> None:
    claims = encode_claims(RICH)
    assert parse_entry({**claims, "author": {"scheme": "ed25519"}}) == RICH
    for extra in ("later", "act.later"):
        with pytest.raises(RecordError):
            parse_entry({**claims, extra: 1})


def test_act_under_another_tag_is_refused() -> None:
    claims = {**encode_claims(ENTRY), "act": "notice.served/1"}
    with pytest.raises(RecordError, match="malformed"):
        parse_entry(claims)
