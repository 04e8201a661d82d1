"""`alteram disclosure`, played whole with real programs: due, a bundle, copies served, equality, a leak traced."""

import io
import json
import re
import shutil
import zipfile
from typing import Any

import pikepdf
import pyrage
import pytest

from tests.cli.evidence_club import Club, find_examples
from tests.integration.converting.confined import need_confinement

EXAMPLES = find_examples("disclosure")


class Told:
    """What the commands of the story answered, by a name for each."""

    def __init__(self, club: Club) -> None:
        self.club = club
        self.by: dict[str, str] = {}
        self.values: dict[str, Any] = {}
        self.examples: set[str] = set()

    def example(self, name: str, *more: str, status: int = 0) -> None:
        """Run the example of a command, and keep what it printed."""
        ended, self.by[name] = self.club.ask(" ".join((EXAMPLES[name], *more)))
        assert ended == status, (name, self.by[name])
        self.examples.add(name)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """The story once: the complainant's letter goes to both sides in copies of their own, and one of them leaks."""
    need_confinement()
    club = Club(tmp_path_factory.mktemp("disclosing"))
    told = Told(club)
    letter = "\n".join(f"{number}. The treasurer kept key number {number}." for number in range(1, 60))
    (club.folder / "letter.txt").write_text(letter)
    club.run('alteram exhibit add conduct e1 letter.txt --as m05 --title "The letter"')
    told.values["due before"] = club.read(f"{EXAMPLES['due']}")
    told.values["equality before"] = club.read(EXAMPLES["equality"], status=1)
    told.example("due")
    told.example("names")
    told.example("bundle", "--out", "unmarked.pdf")
    told.example("serve", "--out", "copies")
    told.example("equality")
    shutil.copy(club.folder / "copies" / "b1-m09.pdf", club.folder / "leaked.pdf")
    told.example("trace", "--record")
    return told


def test_every_example_in_the_help_was_run(told: Told) -> None:
    assert told.examples == set(EXAMPLES)


def test_where_nobody_is_protected_there_is_no_name_to_look_for(told: Told) -> None:
    assert told.by["names"].startswith("Nobody is protected here")


def test_what_is_due_is_given_once_it_was_served(told: Told) -> None:
    assert told.by["due"].startswith("DUE      e1 to m09, before the hearing (4; evidence-shown)")
    (before,) = told.values["due before"]
    (after,) = told.club.read(EXAMPLES["due"])
    assert (before["state"], before["person"], before["clause"], before["given_at"]) == ("due", "m09", "4", None)
    assert (after["state"], after["given_at"] is not None) == ("given", True)


def test_arms_are_unequal_before_and_equal_after(told: Told) -> None:
    (before,) = told.values["equality before"]
    assert (before["exhibit"], before["unequal"]) == ("e1", True)
    assert "respondent m09: since " in told.by["equality"]
    assert "Only one side has it" not in told.by["equality"]


def test_bundle_says_what_is_in_it_and_how_it_is_served(told: Told) -> None:
    told_of = told.by["bundle"]
    assert "ALLOWED bundle.built" in told_of
    assert "pages for m05 and m09, with e1" in told_of
    assert "alteram disclosure serve conduct b1 --as WHO --on m05 --on m09" in told_of
    assert "Give it to nobody" in told_of
    assert (told.club.folder / "unmarked.pdf").read_bytes().startswith(b"%PDF")


def test_each_person_has_a_copy_of_their_own(told: Told) -> None:
    assert told.by["serve"].count("ALLOWED exhibit.disclosed") == 2
    ones = [(told.club.folder / "copies" / f"b1-{one}.pdf").read_bytes() for one in ("m05", "m09")]
    assert len({*ones, (told.club.folder / "unmarked.pdf").read_bytes()}) == 3
    with zipfile.ZipFile(told.club.folder / "copies" / "b1-m05.zip") as packed:
        assert packed.read("bundle.pdf") == ones[0]


def test_serving_says_how_many_pages_of_the_copies_can_be_traced(told: Told) -> None:
    pages = len(pikepdf.open(told.club.folder / "unmarked.pdf").pages)
    assert re.search(rf"Of {pages} pages, [2-9] carry marks by which one of them alone can be traced", told.by["serve"])


def test_leaked_copy_is_traced_to_whom_it_was_served_on_and_recorded(told: Told) -> None:
    traced = told.by["trace"]
    assert traced.startswith("FOUND the copy of m09 of bundle b1\n")
    assert "The chance of naming anybody wrongly is at most 1 in " in traced
    assert "charge it, and hear them, first" in traced
    assert "ALLOWED copy.traced" in traced
    assert "m05" not in traced


def test_text_that_was_typed_again_is_traced_to_nobody(told: Told) -> None:
    status, output = told.club.ask("alteram disclosure trace conduct letter.txt --as m20")
    assert (status, "A text carries no mark" in output) == (1, True)
    assert "charge it" not in output
    value = told.club.read("alteram disclosure trace conduct letter.txt --as m20", status=1)
    assert (value["outcome"], value["copies"], value["why"]) == ("cannot-tell", [], "text")


def test_copy_sent_as_a_file_is_sealed_and_its_identity_is_printed(told: Told) -> None:
    value = told.club.read("alteram disclosure serve conduct b1 --as m20 --on m09 --by file --out sealed")
    assert value["m09"]["identity"].startswith("AGE-SECRET-KEY-1")
    sealed = told.club.folder / value["m09"]["file"]
    assert sealed.read_bytes().startswith(b"age-encryption.org/v1\n")
    packed = pyrage.decrypt(sealed.read_bytes(), [pyrage.x25519.Identity.from_str(value["m09"]["identity"])])
    with zipfile.ZipFile(io.BytesIO(packed)) as opened:
        assert opened.testzip() is None
        assert opened.namelist()[0] == "bundle.pdf"
        assert any(name.startswith("beside/") for name in opened.namelist())
    printed = told.club.run("alteram disclosure serve conduct b1 --as m20 --on m09 --by print")
    assert "with --out FOLDER they are written" in printed


def test_copy_for_who_decides_is_written_only_once_the_respondent_has_what_is_in_it(told: Told) -> None:
    club = told.club
    (club.folder / "note.txt").write_text("A note about the key.")
    club.run("alteram exhibit add conduct e7 note.txt --as m05")
    club.run("alteram matter propose organisation body.constituted --as m02 -f body=committee -f members=m30")
    club.run("alteram disclosure bundle conduct b7 --as m20 --for m09 --for m30 --exhibit e7")
    serve = "alteram disclosure serve conduct b7 --as m20"
    status, output = club.ask(f"{serve} --on m30 --by print --out early")
    assert (status, "Give exhibit e7, or its gist, to m09 first" in output) == (1, True)
    assert "(exhibit.undisclosed)" in output
    page = club.read(f"{serve} --on m30 --out early", status=1)["m30"]
    assert (page["outcome"], page["not_written"]["code"]) == ("allowed", "exhibit.undisclosed")
    assert list((club.folder / "early").iterdir()) == []
    both = club.read(f"{serve} --on m30 --on m09 --by file --out handed")
    assert [both[one]["outcome"] for one in ("m09", "m30")] == ["allowed", "allowed"]
    assert both["m09"]["entry"] < both["m30"]["entry"]
    assert len(list((club.folder / "handed").iterdir())) == 2
    status, output = club.ask("alteram matter propose conduct exhibit.disclosed --as m09 -f exhibits=e7 -f to=m30")
    assert (status, "(act.not-yours)" in output) == (1, True)


@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("disclosure bundle conduct b9 --as m09 --for m09", "act.not-yours"),
        ("disclosure bundle conduct b1 --as m20 --for m09", "name.taken"),
    ],
)
def test_bundle_that_is_refused_ends_with_one(told: Told, command: str, code: str) -> None:
    status, output = told.club.ask(f"alteram {command} --out x.pdf")
    assert (status, f"({code})" in output) == (1, True)
    assert not (told.club.folder / "x.pdf").exists()


def test_copy_is_served_on_nobody_for_whom_it_was_not_built(told: Told) -> None:
    served = told.club.read("alteram disclosure serve conduct b1 --as m20 --on m01", status=1)
    assert (served["m01"]["outcome"], served["m01"]["code"]) == ("refused", "bundle.other")
    served = told.club.read("alteram disclosure serve conduct b1 --as m05 --on m05", status=1)
    assert served["m05"]["code"] == "act.not-yours"


@pytest.mark.parametrize(
    ("command", "remedy"),
    [
        ("disclosure bundle conduct b9 --as m20 --for m09 --exhibit absent", "Choose from e1"),
        ("disclosure bundle conduct b9 --as m20 --for m09 --out leaked.pdf", "Nothing is written over"),
        ("disclosure bundle conduct b9 --as m20 --for 'M 9'", "from the roll"),
        ("disclosure serve conduct absent --as m20 --on m09", "Ask the case manager"),
        ("disclosure serve conduct b1 --as m20 --on m09 --by pigeon", "Write page, file or print"),
        ("disclosure due nothing --as m20", "Ask the secretary"),
        ("disclosure equality conduct --as stranger", "Ask the secretary"),
        ("disclosure trace conduct absent.pdf --as m20", "Check its name"),
        ("disclosure trace conduct leaked.pdf --as m09", "Ask the case manager"),
    ],
)
def test_bad_input_ends_with_two_and_says_what_to_do(told: Told, command: str, remedy: str) -> None:
    status, output = told.club.ask(f"alteram {command}")
    assert (status, remedy in output) == (2, True), output
    status, output = told.club.ask(f"alteram {command} --json")
    assert (status, bool(json.loads(output)["error"]["problem"])) == (2, True)


def test_nothing_is_due_where_nothing_was_lodged(told: Told) -> None:
    club = told.club
    club.run("alteram matter propose other report.lodged --as m05 -f identity=named -f about=person -f text=So")
    assert club.run("alteram disclosure due other --as m05") == "The rules ask for no disclosure of what is on file.\n"
    assert club.run("alteram disclosure equality other --as m05") == "No exhibit that is open to you was lodged.\n"
