"""E-mail, mbox and chat exports as messages; the one spelling of a message."""

import mailbox
from email.message import EmailMessage
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alteram.adapters.confining.sandbox import Sandbox
from alteram.adapters.converting.threads import ThreadReader
from alteram.core.kernel.canonical import encode_canonical, parse_canonical
from alteram.core.kernel.errors import MalformedError
from alteram.operations.evidence_ports import Message, Thread, Unshown
from tests.integration.converting.confined import need_confinement

READER = ThreadReader(Sandbox())


def read(tmp_path: Path, data: bytes, media: str) -> Thread:
    need_confinement()
    source = tmp_path / "lodged"
    source.write_bytes(data)
    found = READER.read_messages(source, media)
    assert isinstance(found, Thread), found
    return found


def _write_mail(number: int, answers: int | None = None) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = "Chair <chair@example.org>"
    mail["Date"] = f"Mon, 0{number} Jan 2024 10:00:00 +1300"
    mail["Subject"] = "Größe"
    mail["Message-ID"] = f"<{number}@example.org>"
    if answers is not None:
        mail["References"] = f"<0@example.org> <{answers}@example.org>"
    mail.set_content(f"From now on: {number}\n")
    return mail


def test_mail_is_a_message_with_its_attachments_named(tmp_path: Path) -> None:
    mail = _write_mail(1)
    mail.add_attachment(b"MZ", maintype="application", subtype="pdf", filename="../minutes.pdf")
    found = read(tmp_path, mail.as_bytes(), "message/rfc822")
    assert found.kind == "eml"
    assert found.messages == (
        Message(
            0,
            "2024-01-01T10:00:00+13:00",
            "Chair <chair@example.org>",
            "From now on: 1",
            ("../minutes.pdf",),
            "Größe",
        ),
    )


def test_mbox_written_by_the_standard_library_is_a_thread_by_its_references(tmp_path: Path) -> None:
    box = mailbox.mbox(str(tmp_path / "box"))
    for number, answers in ((1, None), (2, 1), (3, 1), (4, 3)):
        box.add(_write_mail(number, answers))
    box.close()
    found = read(tmp_path, (tmp_path / "box").read_bytes(), "application/mbox")
    assert found.kind == "mbox"
    assert [one.answers for one in found.messages] == [None, 0, 0, 2]
    assert [one.text for one in found.messages] == [f"From now on: {number}" for number in (1, 2, 3, 4)]
    elsewhere = read(tmp_path, (tmp_path / "box").read_bytes().replace(b"\n", b"\r\n"), "application/mbox")
    assert [one.answers for one in elsewhere.messages] == [None, 0, 0, 2]


@pytest.mark.parametrize(
    ("lines", "at"),
    [
        ("[13/03/2024, 14:05:33] Chair: hello", "2024-03-13T14:05:33"),
        ("13/03/2024, 14:05 - Chair: hello", "2024-03-13T14:05:00"),
        ("3/13/24, 2:05 PM - Chair: hello", "2024-03-13T14:05:00"),
        ("3/13/24, 12:05\u202fam - Chair: hello", "2024-03-13T00:05:00"),
        ("13.03.24, 14:05 - Chair: hello", "2024-03-13T14:05:00"),
        ("2024-03-13, 14:05 - Chair: hello", "2024-03-13T14:05:00"),
        ("\u200e[13.03.24, 14:05:33] Chair: hello", "2024-03-13T14:05:33"),
    ],
)
def test_styles_of_dates_in_a_chat_are_read(tmp_path: Path, lines: str, at: str) -> None:
    found = read(tmp_path, f"{lines}\nmore\n".encode(), "text/plain")
    assert found.messages == (Message(0, at, "Chair", "hello\nmore"),)
    assert found.notices == ()


def test_chat_whose_dates_can_be_read_two_ways_says_which_was_guessed(tmp_path: Path) -> None:
    one = read(tmp_path, b"02/03/2024, 14:05 - Chair: hello\n", "text/plain")
    other = read(tmp_path, b"2/3/24, 2:05 PM - Chair: hello\n", "text/plain")
    assert (one.messages[0].at, other.messages[0].at) == ("2024-03-02T14:05:00", "2024-02-03T14:05:00")
    assert "the day" in one.notices[0]
    assert "the month" in other.notices[0]


def test_chat_names_what_was_attached_and_keeps_what_the_program_said(tmp_path: Path) -> None:
    lines = (
        "13/03/2024, 14:05 - Messages are encrypted\n"
        "13/03/2024, 14:06 - Chair: minutes.pdf (file attached)\nread this\n"
        "13/03/2024, 14:07 - Member: <attached: 0001-PHOTO.jpg>\n"
    )
    found = read(tmp_path, lines.encode(), "text/plain").messages
    assert [one.sender for one in found] == ["", "Chair", "Member"]
    assert [one.attachments for one in found] == [(), ("minutes.pdf",), ("0001-PHOTO.jpg",)]
    assert [one.text for one in found] == ["Messages are encrypted", "read this", ""]


def test_export_of_telegram_is_read(tmp_path: Path) -> None:
    data = b"""{"name":"Committee","messages":[
        {"id":1,"type":"message","date":"2024-03-13T14:05:33","date_unixtime":"1710338733","from":"Chair",
         "text":["It was ",{"type":"bold","text":"decided"}]},
        {"id":2,"type":"service","date":"2024-03-13T14:06:00","actor":"Member","action":"invite_members"},
        {"id":3,"type":"message","date_unixtime":"1710338800","from":"Member","text":"","file":"files/minutes.pdf"}]}"""
    found = read(tmp_path, data, "application/json")
    assert found.kind == "telegram"
    assert [(one.sender, one.text) for one in found.messages] == [
        ("Chair", "It was decided"),
        ("Member", "invite_members"),
        ("Member", ""),
    ]
    assert found.messages[0].at == "2024-03-13T14:05:33+00:00" or found.messages[0].at.endswith("+00:00")
    assert found.messages[2].attachments == ("files/minutes.pdf",)


@pytest.mark.parametrize(
    "data",
    [
        b'[{"sender":"Chair","sent_at":1710338733000,"body":"hello","attachments":[{"fileName":"a.pdf"}]}]',
        (
            b'{"envelope":{"sourceName":"Chair","timestamp":1710338733000,"dataMessage":'
            b'{"message":"hello","attachments":[{"filename":"a.pdf"}]}}}\n'
        ),
    ],
)
def test_exports_of_signal_are_read(tmp_path: Path, data: bytes) -> None:
    found = read(tmp_path, data * (2 if data.startswith(b"{") else 1), "application/json")
    assert found.kind == "signal"
    assert found.messages[0] == Message(0, "2024-03-13T14:05:33+00:00", "Chair", "hello", ("a.pdf",))


@pytest.mark.parametrize(
    ("data", "media", "why"),
    [
        (b"", "message/rfc822", "empty"),
        (b"hello\n", "text/plain", "not-shown"),
        (b"{}", "application/json", "not-shown"),
        (b"{own", "application/json", "damaged"),
        (b"\n\nhello", "message/rfc822", "damaged"),
        (b"hello", "image/png", "not-shown"),
    ],
)
def test_file_without_messages_says_so(tmp_path: Path, data: bytes, media: str, why: str) -> None:
    need_confinement()
    source = tmp_path / "lodged"
    source.write_bytes(data)
    found = READER.read_messages(source, media)
    assert isinstance(found, Unshown)
    assert found.why == why


MESSAGES = st.builds(
    Message,
    st.integers(0, 10**6),
    st.text(max_size=20),
    st.text(max_size=20),
    st.text(max_size=50),
    st.lists(st.text(max_size=9), max_size=3).map(tuple),
    st.text(max_size=20),
    st.none() | st.integers(0, 10**6),
)


@given(MESSAGES)
def test_message_has_one_spelling(message: Message) -> None:
    data = READER.encode_message(message)
    said = parse_canonical(data, max_size=len(data))
    assert msgspec.convert(said, type=Message) == message
    assert encode_canonical(said) == data


def test_message_over_the_limit_is_refused_and_one_below_is_not() -> None:
    assert READER.encode_message(Message(0, "", "", "a" * ((4 << 20) - 200)))
    with pytest.raises(MalformedError):
        READER.encode_message(Message(0, "", "", "a" * (4 << 20)))
