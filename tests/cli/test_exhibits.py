"""`alteram exhibit`, played whole with real programs: lodged, ruled on, a part proved and answered, redacted."""

import json
import socketserver
import subprocess
import threading
from hashlib import sha256
from pathlib import Path

import pytest

from alteram.core.vault import parse_identity
from tests.cli.evidence_club import Club, find_examples, need_evidence_programs, record_call
from tests.evidence import seal_other
from tests.needs import need_program

EXAMPLES = find_examples("exhibit")
NOTE = "The treasurer kept the key.\nExample was there too.\n"


class Told:
    """What the commands of the story answered, by a name for each."""

    def __init__(self, folder: Path) -> None:
        self.club = Club(folder)
        self.by: dict[str, str] = {}
        self.examples: set[str] = set()

    def example(self, name: str) -> None:
        self.by[name] = self.club.run(EXAMPLES[name])
        self.examples.add(name)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """The story once: every example of the help, in an order in which it makes sense."""
    need_evidence_programs()
    need_program("tesseract", provided_by="apt-get install tesseract-ocr tesseract-ocr-eng")
    folder = tmp_path_factory.mktemp("exhibits")
    told = Told(folder)
    club = told.club
    record_call(folder / "call.m4a", 40)
    (folder / "note.txt").write_text(NOTE)
    told.example("add")
    told.by["note"] = club.run("alteram exhibit add conduct note note.txt --as m05 --json")
    for name in (
        "custody",
        "consent",
        "challenge",
        "rule",
        "list",
        "show",
        "get",
        "prove-excerpt",
        "verify-excerpt",
        "excerpt",
    ):
        told.example(name)
    (folder / "note-de.txt").write_text("Der Kassier hatte den Schlüssel.\n")
    for name in ("redact", "check-redaction", "derive", "quarantine"):
        told.example(name)
    club.run("alteram exhibit get conduct note-redacted note-redacted.pdf --as m02")
    told.example("verify-redaction")
    told.by["kept"] = club.run("alteram exhibit list conduct --as m20")
    told.by["released"] = club.run("alteram exhibit quarantine conduct e1 --as m20 --release --reasons 'A false alarm'")
    told.by["let-go"] = club.run("alteram exhibit list conduct --as m20")
    for reader in ("m20", "m05"):
        told.by[f"shown to {reader}"] = club.run(f"alteram exhibit show conduct e1 --as {reader}")
    return told


def test_every_example_in_the_help_was_run(told: Told) -> None:
    assert told.examples == set(EXAMPLES)


def test_quarantine_is_listed_until_the_exhibit_is_let_go(told: Told) -> None:
    assert "e1: recording, admitted, in quarantine" in told.by["kept"]
    assert "ALLOWED exhibit.quarantined" in told.by["released"]
    assert "in quarantine" not in told.by["let-go"]


def test_quarantine_is_on_record_with_its_exhibit_for_whoever_handles_the_matter(told: Told) -> None:
    shown = told.by["shown to m20"]
    assert "exhibit.quarantined by m20: Eicar-Signature" in shown
    assert "exhibit.quarantined by m20: let go again; A false alarm" in shown
    assert "exhibit.quarantined" not in told.by["shown to m05"]


def test_when_something_was_captured_or_handled_is_told_with_its_zone(told: Told) -> None:
    run = told.club.run
    run("alteram exhibit add conduct tape --as m05 --kind physical --captured 2025-08-11T20:00+12:00 --from-mediation")
    run("alteram exhibit custody conduct tape sealed --as m20 --seal S-18 --at 2025-08-12T09:00+12:00 --reasons Kept")
    shown = run("alteram exhibit show conduct tape --as m20")
    assert "Captured or recorded: 2025-08-11T08:00:00Z" in shown
    assert "custody.recorded by m20: sealed; 2025-08-11T21:00:00Z; S-18; Kept" in shown
    _, said = told.club.ask("alteram exhibit add conduct page --as m05 --kind physical --captured 2025-08-11")
    assert "captured_at cannot be '2025-08-11'" in said
    assert "2025-08-11T20:00+12:00" in said


def test_lodging_says_what_was_found_and_in_how_many_pieces_it_is(told: Told) -> None:
    assert "ALLOWED exhibit.lodged" in told.by["add"]
    assert "audio/mp4" in told.by["add"]
    assert "pieces of its lossless form (FLAC)" in told.by["add"]
    assert "It was not scanned: no scanner is set up" in told.by["add"]
    note = json.loads(told.by["note"])
    assert (note["outcome"], note["media"], note["size"], note["unshown"]) == (
        "allowed", "text/plain", len(NOTE), None,
    )  # fmt: skip


def test_exhibit_is_shown_with_consent_custody_challenge_and_ruling(told: Told) -> None:
    shown = told.by["show"]
    for part in (
        "recording, admitted", "complainant m05: lodged it", "respondent m09: not given", "Title: The call",
        "File: call.m4a", "Speaker m05: consent before; UNKNOWN: No rule on recordings is cited",
        "custody.recorded by m20: copied; For the investigator",
        "exhibit.challenged by m05: consent; I was not asked",
        "exhibit.ruled by m01: it may be used; Whole, and both speakers agree",
    ):  # fmt: skip
        assert part in shown
    value = told.club.read("alteram exhibit show conduct e1 --as m09")
    assert (value["told"]["admissible"], value["told"]["entry"]["claims"]["act.exhibit"]) == (True, "e1")
    assert value["told"]["sides"]["complainant"][0]["person"] == "m05"
    assert (value["closed"]["code"], value["closed"]["because"]) == (
        "exhibit.undisclosed", "Exhibit e1 was not disclosed to you yet.",
    )  # fmt: skip
    assert value["about"][0]["seq"] > value["told"]["entry"]["seq"]
    (consent,) = value["consents"]
    assert (consent["speaker"], consent["state"], consent["rule_met"]) == ("m05", "before", "UNKNOWN")
    assert value["rule"] is None
    assert [row["exhibit"] for row in told.club.read("alteram exhibit list conduct --as m09")][:2] == ["e1", "note"]


def test_file_comes_back_as_it_was_lodged(told: Told) -> None:
    folder = told.club.folder
    assert (folder / "e1.m4a").read_bytes() == (folder / "call.m4a").read_bytes()
    assert "audio/mp4" in told.by["get"]


def test_sealed_file_opens_with_age(told: Told) -> None:
    age = need_program("age", provided_by="apt-get install age")
    given = told.club.read("alteram exhibit get conduct e1 e1.age --as m05 --sealed")
    (told.club.folder / "IDENTITY").write_text(given["identity"] + "\n")
    command = [age, "-d", "-i", "IDENTITY", "e1.age"]
    opened = subprocess.run(command, cwd=told.club.folder, capture_output=True, check=True).stdout
    assert opened == (told.club.folder / "call.m4a").read_bytes()


def test_file_that_was_swapped_on_disk_is_not_written(told: Told) -> None:
    club = told.club
    identity = club.read("alteram exhibit get conduct note note.age --as m05 --sealed")["identity"]
    sealed = (club.folder / "note.age").read_bytes()
    (place,) = club.folder.glob(f"alteram-data/**/{sha256(sealed).hexdigest()}*")
    place.write_bytes(seal_other(parse_identity(identity), NOTE.upper().encode()))
    try:
        for command in ("exhibit get conduct note x.txt --as m05", "exhibit get conduct note x.age --as m05 --sealed"):
            status, output = club.ask(f"alteram {command}")
            assert (status, "backup" in output) == (2, True), output
            assert not list(club.folder.glob("x.*"))
    finally:
        place.write_bytes(sealed)
    club.run("alteram exhibit get conduct note back-again.txt --as m05")
    assert (club.folder / "back-again.txt").read_text() == NOTE


def test_part_is_verified_and_played_without_the_rest(told: Told) -> None:
    assert told.by["verify-excerpt"].startswith("PASS part.excerpt: pieces 3 to ")
    verified = told.club.read(
        "alteram exhibit verify-excerpt part.excerpt --policy alteram-data/policy --play part.flac"
    )
    assert (verified["outcome"], verified["exhibit"], verified["form"], verified["first"]) == (
        "verified", "e1", "flac", 2,
    )  # fmt: skip
    assert (told.club.folder / "part.flac").read_bytes()[:4] == b"fLaC"
    assert told.club.run("alteram exhibit verify-excerpt part.excerpt").count("Use --policy") == 1


def test_answer_is_told_where_it_lies(told: Told) -> None:
    """The seconds before: what begins with the second piece begins with the first, which goes with every part."""
    before = told.club.read("alteram exhibit prove-excerpt conduct e1 before.excerpt --as m05 --from 5 --to 7")
    assert (before["first"], before["until"]) == (0, 2)
    answered = told.club.run("alteram exhibit verify-excerpt part.excerpt --answer before.excerpt")
    assert "The answer lies directly before it." in answered
    told.club.run("alteram exhibit prove-excerpt conduct e1 over.excerpt --as m05 --first 3 --last 3")
    answered = told.club.run("alteram exhibit verify-excerpt part.excerpt --answer over.excerpt")
    assert "both show piece 3" in answered
    told.club.run("alteram exhibit prove-excerpt conduct e1 late.excerpt --as m05 --first 9 --last 9")
    answered = told.club.read("alteram exhibit verify-excerpt before.excerpt --answer late.excerpt")
    assert answered["answer"] == {"relation": "gap", "between": [2, 8]}


def test_redaction_is_verified_beside_an_export_of_the_matter(told: Told) -> None:
    told.club.run("alteram matter export conduct conduct.alteram")
    command = "alteram exhibit verify-redaction note-redacted.pdf conduct.alteram --policy alteram-data/policy"
    verified = told.club.read(command)
    assert (verified["kind"], verified["places"], verified["listing"]) == ("pdf", 1, 1)
    lodged = verified["lodged"]
    assert (lodged["exhibit"], lodged["of"], lodged["cuts"]) == ("note-redacted", "note", 1)
    assert (lodged["check"], lodged["withheld"], lodged["unknown"], lodged["complete"]) == ("agreed", [], 0, True)


def test_changed_part_fails(told: Told) -> None:
    data = bytearray((told.club.folder / "part.excerpt").read_bytes())
    data[-1] ^= 1
    (told.club.folder / "changed.excerpt").write_bytes(data)
    status, output = told.club.ask("alteram exhibit verify-excerpt changed.excerpt --policy alteram-data/policy")
    assert (status, output.startswith("FAIL changed.excerpt: ")) == (1, True)
    failed = told.club.read("alteram exhibit verify-excerpt changed.excerpt", status=1)
    assert (failed["outcome"], failed["code"]) == ("failed", "proof.root")


def test_redaction_is_checked_by_somebody_else_and_holds_nothing_of_the_word(told: Told) -> None:
    assert "1 cut in 1 place; none of it was found again" in told.by["redact"]
    assert "alteram exhibit check-redaction conduct note-redacted --as WHO --agree" in told.by["redact"]
    status, output = told.club.ask("alteram exhibit check-redaction conduct note-redacted --as m20 --agree")
    assert (status, "redaction.own" in output) == (1, True)
    told.club.run("alteram exhibit get conduct note-redacted note.pdf --as m02")
    assert (told.club.folder / "note.pdf").read_bytes().startswith(b"%PDF")
    need_program("pdftotext", provided_by="apt-get install poppler-utils")
    command = ["pdftotext", "note.pdf", "-"]
    text = subprocess.run(command, cwd=told.club.folder, capture_output=True, text=True, check=True).stdout
    assert ("treasurer" in text, "Example" in text) == (True, False)


def test_text_is_redacted_as_a_text_that_verifies_beside_an_export(told: Told) -> None:
    club = told.club
    command = 'alteram exhibit redact conduct note note-masked --reasons "A name" --word Example --kind text'
    status, output = club.ask(f"{command} --as m09")
    assert (status, "ALLOWED" in output) == (1, False)
    leaky = command.replace("A name", "Example is a child")
    assert "still shows what was cut out" in club.ask(f"{leaky} --as m20")[1]
    output = club.run(f"{command} --as m20")
    assert "a text, 1 cut in 1 place; none of it was found again" in output
    assert "alteram exhibit get conduct note-masked note-masked.txt --as WHO" in output
    club.run("alteram exhibit check-redaction conduct note-masked --as m02 --agree")
    club.run("alteram exhibit get conduct note-masked note-masked.txt --as m02")
    kept = (club.folder / "note-masked.txt").read_text()
    assert kept == "The treasurer kept the key.\n█████[1] was there too.\n\nWhat was cut out:\n[1] A name\n"
    club.run("alteram matter export conduct masked.alteram")
    verify = "alteram exhibit verify-redaction note-masked.txt masked.alteram --policy alteram-data/policy"
    verified = club.read(f"{verify} --word Example")
    assert (verified["kind"], verified["places"], verified["lodged"]["check"]) == ("text", 1, "agreed")


def test_translation_and_what_programs_make_say_where_they_come_from(told: Told) -> None:
    club = told.club
    shown = club.read("alteram exhibit show conduct note-de --as m05")["told"]
    assert (shown["of"], shown["kind"]) == ("note", "translation")
    club.run("alteram exhibit get conduct note-de back.txt --as m05")
    assert (club.folder / "back.txt").read_bytes() == (club.folder / "note-de.txt").read_bytes()
    assert "  Why: By a sworn translator" in club.run("alteram exhibit show conduct note-de --as m05")
    assert "ALLOWED" in club.run("alteram exhibit derive conduct note note-text --as m20 --how text")
    club.run("alteram exhibit get conduct note-text text.txt --as m20")
    assert (club.folder / "text.txt").read_text() == NOTE.strip()


def test_thing_without_a_file_is_lodged_with_its_seal_and_place(told: Told) -> None:
    told.club.run('alteram exhibit add conduct key --as m05 --kind physical --seal S-17 --place "The safe"')
    shown = told.club.run("alteram exhibit show conduct key --as m20")
    assert ("Seal: S-17" in shown, "Kept: The safe" in shown) == (True, True)


def test_what_is_in_quarantine_is_closed_but_to_its_keepers(told: Told) -> None:
    (told.club.folder / "bad.txt").write_text("This is bad.\n")
    told.club.run("alteram exhibit add conduct bad bad.txt --as m05")
    told.club.run("alteram matter propose conduct exhibit.quarantined --as m02 -f exhibit=bad -f found=Bad")
    status, output = told.club.ask("alteram exhibit get conduct bad out.txt --as m05")
    assert (status, "exhibit.quarantined" in output) == (1, True)
    assert not (told.club.folder / "out.txt").exists()
    assert "in quarantine" in told.club.run("alteram exhibit list conduct --as m20")
    told.club.run("alteram exhibit get conduct bad out.txt --as m02")
    assert (told.club.folder / "out.txt").read_text() == "This is bad.\n"


class Scanner(socketserver.BaseRequestHandler):
    """Speaks as clamd does, and finds something in whatever it is sent."""

    def handle(self) -> None:
        with self.request.makefile("rb") as sent:
            sent.read(len(b"zINSTREAM\0"))
            while size := int.from_bytes(sent.read(4), "big"):
                sent.read(size)
        self.request.sendall(b"stream: Bad-Thing FOUND\0")


def test_in_what_the_scanner_finds_something_no_program_looks(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    with socketserver.TCPServer(("127.0.0.1", 0), Scanner) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("ALTERAM_CLAMD", f"127.0.0.1:{server.server_address[1]}")
        lodged = told.club.run("alteram exhibit add conduct found call.m4a --as m05 --kind recording")
        server.shutdown()
    assert ("ALLOWED exhibit.lodged" in lodged, "THE SCANNER FOUND SOMETHING" in lodged) == (True, True)
    assert "pieces of its bytes" in lodged


@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("exhibit add conduct note note.txt --as m05", "name.taken"),
        ("exhibit rule conduct e1 --as m20 --admit --reasons So", "act.not-yours"),
        ("exhibit get conduct e1 x.m4a --as m09", "exhibit.undisclosed"),
        ("exhibit derive conduct e1 x note.txt --as m09", "exhibit.undisclosed"),
        ("exhibit derive conduct e1 note note.txt --as m20", "name.taken"),
        ("exhibit prove-excerpt conduct e1 x.excerpt --as m09 --first 3 --last 3", "exhibit.undisclosed"),
        ("exhibit prove-excerpt conduct e1 x.excerpt --as m09 --from 2 --to 3", "exhibit.undisclosed"),
        ("exhibit excerpt conduct e1 part9 --as m09 --first 3 --last 3", "exhibit.undisclosed"),
    ],
)
def test_what_is_refused_ends_with_one_and_a_code_and_writes_nothing(told: Told, command: str, code: str) -> None:
    status, output = told.club.ask(f"alteram {command}")
    assert (status, output.startswith("REFUSED "), f"({code})" in output) == (1, True, True)
    value = told.club.read(f"alteram {command}", status=1)
    assert (value["outcome"], value["code"]) == ("refused", code)
    assert not list(told.club.folder.glob("x.*"))


@pytest.mark.parametrize(
    ("command", "remedy"),
    [
        ("exhibit add conduct e9 absent.txt --as m05", "Check its name"),
        ("exhibit add conduct e9 --as m05", "a physical item has none"),
        ("exhibit add conduct e9 note.txt --as m05 --kind nonsense", "Write document | picture"),
        ("exhibit add nothing e9 note.txt --as m05", "Ask the secretary"),
        ("exhibit add conduct e9 note.txt --as stranger", "Ask the secretary"),
        ("exhibit show conduct absent --as m05", "Ask the case manager"),
        ("exhibit list conduct --as stranger", "Ask the secretary"),
        ("exhibit get conduct absent x.m4a --as m05", "not open to you"),
        ("exhibit get conduct e1 note.txt --as m05", "Nothing is written over"),
        ("exhibit custody conduct e1 eaten --as m20 --reasons So", "Write received | moved"),
        ("exhibit challenge conduct e1 --as m09 --ground taste --reasons So", "Write authenticity"),
        ("exhibit prove-excerpt conduct e1 x.excerpt --as m05", "--first and --last"),
        ("exhibit prove-excerpt conduct e1 x.excerpt --as m05 --first 0 --last 3", "Its last piece is number"),
        ("exhibit prove-excerpt conduct e1 x.excerpt --as m05 --first 3 --last 99", "Its last piece is number"),
        ("exhibit prove-excerpt conduct e1 x.excerpt --as m05 --from 50 --to 60", "It ends after 40 seconds"),
        ("exhibit prove-excerpt conduct e1 x.excerpt --as m05 --from 7 --to 5", "ends before it begins"),
        ("exhibit prove-excerpt conduct e1 x.excerpt --as m05 --from nan --to 5", "ends before it begins"),
        ("exhibit prove-excerpt conduct note x.excerpt --as m05 --from 5 --to 6", "from which piece to which"),
        ("exhibit prove-excerpt conduct e1 part.excerpt --as m05 --first 3 --last 3", "Nothing is written over"),
        ("exhibit verify-excerpt absent.excerpt", "Check its name"),
        ("exhibit derive conduct e1 n9 --as m20 --how pages", "lodge it as a file"),
        ("exhibit derive conduct note n9 --as m20", "text, pages"),
        ("exhibit derive conduct note n9 note.txt --as m20 --how excerpt", "translation, transcript"),
        ("exhibit redact conduct note n9 --as m20 --reasons So", "Say words with --word"),
        ("exhibit redact conduct note n9 --as m20 --reasons So --box 1:2", "PAGE:LEFT:TOP"),
        ("exhibit redact conduct note n9 --as m20 --reasons So --word Nowherefound", "draw a box"),
        ("exhibit redact conduct note n9 --as m20 --reasons So --word So --kind png", "Have it made as a PDF"),
        ("exhibit redact conduct note n9 --as m20 --reasons So --word So --kind gif", "Write pdf, png, text"),
        ("exhibit redact conduct note n9 --as m20 --reasons So --box 1:2:3:4:5 --kind text", "Say the words"),
        ("exhibit redact conduct absent n9 --as m20 --reasons So --word So", "not open to you"),
    ],
)
def test_bad_input_ends_with_two_and_says_what_to_do(told: Told, command: str, remedy: str) -> None:
    note = (told.club.folder / "note.txt").read_bytes()
    status, output = told.club.ask(f"alteram {command}")
    assert (status, remedy in output) == (2, True), output
    assert told.club.read(f"alteram {command}", status=2)["error"]["problem"]
    assert (told.club.folder / "note.txt").read_bytes() == note
    assert not list(told.club.folder.glob("x.*"))


def test_without_bubblewrap_a_file_is_kept_and_what_is_missing_is_told(
    told: Told, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    lodged = told.club.run("alteram exhibit add conduct unseen call.m4a --as m05 --kind recording")
    assert ("ALLOWED exhibit.lodged" in lodged, "Install bubblewrap" in lodged) == (True, True)
    told.club.run("alteram exhibit get conduct unseen unseen.m4a --as m05")
    assert (told.club.folder / "unseen.m4a").read_bytes() == (told.club.folder / "call.m4a").read_bytes()
