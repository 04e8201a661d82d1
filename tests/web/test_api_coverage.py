"""Every page has its like in the API: `api_coverage.csv` names, for each web address, what does the same, or why not.

A new web address needs a row: name the operations of the API that do what it does, or say why no program may or need.
"""

import csv
from pathlib import Path

from alteram.api.document import build_document
from alteram.api.once import HEADER
from tests.web.walking import LIBRARY, find_addresses

TABLE = Path(__file__).with_name("api_coverage.csv")
#: What only programs need: whom a token acts for, and the JSON Schema of acts.
FOR_PROGRAMS = {"show_me", "list_acts", "show_act"}
#: Asked by POST because they bring much or want a new name; they record nothing.
DOES_NOTHING = {"ask_for_proof", "begin_paper_report", "begin_report", "draft_letter", "prepare_amendment"}
#: A reason is a sentence about the address, not a word.
LEAST_WORDS = 6


def read_rows() -> dict[str, tuple[list[str], str]]:
    with TABLE.open(newline="") as file:
        return {row["address"]: (row["operations"].split(), row["why_not"]) for row in csv.DictReader(file)}


def find_web_addresses() -> set[str]:
    """The addresses of pages; those of the sign-in library count as one, and the API's own do not count."""
    routes = {one.route for one in find_addresses() if "api/v1/" not in one.route}
    return {LIBRARY if one.startswith(LIBRARY) else one for one in routes}


def find_operations() -> set[str]:
    return {call["operationId"] for methods in build_document()["paths"].values() for call in methods.values()}


def test_every_web_address_has_its_row() -> None:
    new = sorted(find_web_addresses() - set(read_rows()))
    assert not new, f"name what does the same in the API, or why nothing does, in tests/web/api_coverage.csv: {new}"


def test_no_row_is_of_an_address_that_is_gone() -> None:
    gone = sorted(set(read_rows()) - find_web_addresses())
    assert not gone, f"remove these rows from tests/web/api_coverage.csv: {gone}"


def test_every_operation_that_a_row_names_is_in_the_document() -> None:
    known = find_operations()
    wrong = {address: named for address, (named, _why) in read_rows().items() if not known.issuperset(named)}
    assert not wrong


def test_every_row_names_an_operation_or_says_in_a_sentence_why_there_is_none() -> None:
    empty = [address for address, (named, why) in read_rows().items() if not named and len(why.split()) < LEAST_WORDS]
    assert not empty


def test_every_operation_is_named_by_a_row_or_only_programs_need_it() -> None:
    named = {one for operations, _why in read_rows().values() for one in operations}
    assert not find_operations() - named - FOR_PROGRAMS


def test_every_call_that_does_something_takes_an_idempotency_key() -> None:
    posts = {
        call["operationId"]: {one["name"] for one in call.get("parameters", ())}
        for methods in build_document()["paths"].values()
        for method, call in methods.items()
        if method == "post"
    }
    without = {name for name, parameters in posts.items() if HEADER not in parameters}
    assert without == DOES_NOTHING


def test_api_changes_nothing_by_any_other_method_than_post() -> None:
    methods = {method for methods in build_document()["paths"].values() for method in methods}
    assert methods == {"get", "post"}
