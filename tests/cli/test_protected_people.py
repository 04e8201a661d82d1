"""Commands about exhibits name nobody who is protected from whoever asks; to who may know them, they do."""

import json
import sqlite3
from pathlib import Path

import pytest

from tests.cli.evidence_club import Club
from tests.cli.test_inviting import run_in

COMMANDS = ("exhibit list conduct", "exhibit show conduct key", "disclosure due conduct")


@pytest.fixture(scope="module")
def club(tmp_path_factory: pytest.TempPathFactory) -> Club:
    """A club in which a party of each side is protected, and the protected complainant lodged a key."""
    club = Club(Path(tmp_path_factory.mktemp("protected")))
    for person, role in (("m30", "complainant"), ("m31", "respondent")):
        club.run(
            f"alteram matter propose conduct party.joined --as m20 -f person={person} -f role={role} -f protected=true"
        )
    club.run("alteram exhibit add conduct key --as m30 --kind physical --seal S-17 --place 'The safe'")
    return club


@pytest.mark.parametrize("command", [*COMMANDS, "disclosure equality conduct"])
def test_protected_people_are_not_named_to_the_other_side(club: Club, command: str) -> None:
    for asker, hidden in (("m09", "m30"), ("m05", "m31")):
        said = club.ask(f"alteram {command} --as {asker}")[1]
        told = club.ask(f"alteram {command} --as {asker} --json")[1]
        assert hidden not in said + told
    assert "(protected)" in said
    assert '"person": null' in told


@pytest.mark.parametrize("command", COMMANDS)
def test_who_handles_the_matter_is_told_their_names(club: Club, command: str) -> None:
    said = club.run(f"alteram {command} --as m20")
    assert "(protected)" not in said
    assert "m31" in said
    assert ("m30" in said) == command.startswith("exhibit")


@pytest.fixture(scope="module")
def searched(tmp_path_factory: pytest.TempPathFactory) -> Club:
    """A club in which a witness is protected, and a letter, of which a text was made, may name them."""
    club = Club(Path(tmp_path_factory.mktemp("searched")))
    club.run("alteram matter propose conduct party.joined --as m20 -f person=m30 -f role=witness -f protected=true")
    (club.folder / "letter.txt").write_text("Zzyx Qwrtp was there.")
    (club.folder / "plain.txt").write_text("Nobody was there.")
    for name in ("letter", "plain"):
        club.run(f"alteram exhibit add conduct {name} {name}.txt --as m05")
    return club


NAMES = "alteram disclosure names conduct --as m20"


def test_search_says_where_a_name_may_stand_and_not_which(searched: Club) -> None:
    status, said = searched.ask(f"{NAMES} --exhibit letter --called 'Zzyx Qwrtp'")
    assert status == 1
    assert "A NAME   exhibit letter, page 1 of it\n" in said
    assert "no name is known" not in said
    value = searched.read(f"{NAMES} --exhibit letter --called 'Zzyx Qwrtp'", status=1)
    assert {"exhibit": "letter", "page": 1, "certain": True, "what": "page"} in value["places"]
    assert (value["protected"], value["nameless"]) == (1, 0)
    assert not [one for one in ("Zzyx", "m30") if one in said + str(value)]


def test_search_that_finds_nothing_ends_well_and_says_whose_name_it_lacks(searched: Club) -> None:
    assert "no name is known" in searched.run(f"{NAMES} --exhibit plain")
    value = searched.read(f"{NAMES} --exhibit plain --also Birdie")
    assert (value["count"], value["nameless"], "confirmed" in value) == (0, 1, False)
    assert searched.read(f"{NAMES} --exhibit plain --also was", status=1)["count"] > 0


def test_exhibit_is_given_once_what_was_found_was_confirmed(searched: Club) -> None:
    give = "alteram matter propose conduct exhibit.disclosed --as m20 -f exhibits=letter -f to=m09"
    assert "exhibit.names" in searched.ask(give)[1]
    search = f"{NAMES} --exhibit letter --called 'Zzyx Qwrtp' --confirm"
    status, said = searched.ask(search)
    assert (status, "--reasons WHY" in said) == (2, True)
    assert "exhibit.names" in searched.ask(give)[1]
    assert "ALLOWED names.checked" in searched.run(f"{search} --reasons 'Another of that name'")
    searched.run(give)


def test_copy_made_later_is_named_as_closed_until_it_was_confirmed(searched: Club) -> None:
    (searched.folder / "better.txt").write_text("Nobody said so.")
    searched.run("alteram exhibit derive conduct plain better better.txt --how translation --as m20")
    assert "somebody looked in it: better" in searched.run(NAMES)
    assert searched.read(NAMES)["waiting"] == ["better"]
    assert "(exhibit.names)" in searched.ask("alteram exhibit get conduct better out.txt --as m05")[1]
    searched.run(f"{NAMES} --exhibit plain --confirm")
    assert searched.read(NAMES)["waiting"] == []
    searched.run("alteram exhibit get conduct better out.txt --as m05")


def test_gist_is_given_in_the_words_that_were_looked_through(searched: Club) -> None:
    give = "alteram matter propose conduct exhibit.withheld --as m20 -f exhibit=letter -f person=m09 -f reasons=So"
    search = f"{NAMES} --exhibit letter --gist 'Somebody was there.' --confirm --json"
    assert searched.read(search.removesuffix(" --json"))["confirmed"]["outcome"] == "allowed"
    assert "(exhibit.gist)" in searched.ask(f"{give} -f gist='Zzyx was there.'")[1]
    searched.run(f"{give} -f gist='Somebody was there.'")
    assert searched.read(f"{NAMES} --exhibit letter --gist 'Zzyx was' --also Zzyx", status=1)["places"] == [
        {"exhibit": "letter", "page": 0, "certain": True, "what": "gist"}
    ]


@pytest.mark.parametrize(
    ("asked", "status", "said"),
    [
        ("--as m05 --exhibit letter", 2, "Ask the case manager"),
        ("--as m09 --exhibit letter --confirm", 2, "Ask the case manager"),
        ("--as stranger --exhibit letter", 2, "Ask the secretary"),
        ("--as m30 --exhibit letter", 2, "Ask the case manager"),
        ("--as m01 --exhibit plain --confirm", 1, "act.not-yours"),
        ("--as m20 --exhibit absent", 2, "Choose from letter, plain"),
        ("--as m20 --bundle absent", 2, "Ask the case manager"),
        ("--as m20 --bundle b1 --exhibit letter", 2, "Leave out --exhibit"),
        ("--as m20 --gist Words", 2, "--exhibit NAME"),
        (f"--as m20 --exhibit plain --also {'x' * 201}", 2, "At most 50 times --also"),
        ("--as m20 --confirm", 1, "names.nothing"),
    ],
)
def test_search_is_refused_to_others_and_what_cannot_be_is_said(
    searched: Club, asked: str, status: int, said: str
) -> None:
    ended, output = searched.ask(f"alteram disclosure names conduct {asked}")
    assert (ended, said in output) == (status, True), output


def test_address_book_of_what_is_served_from_there_is_looked_into(searched: Club) -> None:
    kept = searched.folder / "alteram-data" / "installation"
    kept.mkdir()
    search = (*NAMES.split()[1:], "--exhibit", "letter")
    status, said = run_in(searched.folder, *search)
    assert (status, "alteram serve" in said) == (2, True), said
    organisation = json.loads((kept.parent / "organisation.json").read_text())["organisation"]
    with sqlite3.connect(kept / "accounts.db") as accounts:
        accounts.execute(
            "CREATE TABLE installation_directoryentry (id INTEGER PRIMARY KEY, organisation, person, name, email, post)"
        )
        entry = (organisation, "m30", "Zzyx Qwrtp", "", "")
        accounts.execute("INSERT INTO installation_directoryentry VALUES (1, ?, ?, ?, ?, ?)", entry)
    status, said = run_in(searched.folder, *search)
    assert (status, "A NAME   exhibit letter, page 1 of it" in said, "no name is known" in said) == (1, True, False), (
        said
    )
