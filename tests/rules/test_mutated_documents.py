"""Shipped rulebooks and packs, damaged: reading and proving them gives a value, or a DocumentError that says where."""

from typing import Any, Final

from hypothesis import given, settings
from hypothesis import strategies as st

from alteram.adapters.rulebooks import build_calendar, load_pack, read_document, shipped_names
from alteram.core.kernel.documents import DocumentError
from alteram.core.rules.linting import find_oddities
from alteram.core.rules.parsing import parse_pack, parse_rulebook
from alteram.core.rules.proving.prove import prove
from alteram.core.rules.proving.searching import Scope
from alteram.core.rules.rulebook import Rulebook
from tests.rules.proving.overlays import SHIPPED, dump_yaml, load_yaml

_PACKS: Final = SHIPPED.parent / "packs"
_ODD: Final[st.SearchStrategy[Any]] = st.sampled_from(
    ["", "0", "-1", "1", "4000000", "999999999999999", "true", "nobody", "chair", "1/2", "2025-02-30", [], {}, None]
)
_PLACES: Final = st.integers(min_value=0, max_value=10_000)


def find_places(node: Any) -> list[tuple[Any, Any]]:
    """Return every place of a document: what holds it, and its key there."""
    keys = list(node) if isinstance(node, dict) else list(range(len(node))) if isinstance(node, list) else []
    return [place for key in keys for place in ((node, key), *find_places(node[key]))]


@st.composite
def damage(draw: st.DrawFn, text: str) -> bytes:
    """Return a document with up to four places dropped, doubled, swapped or given another value."""
    root = load_yaml(text)
    for _ in range(draw(st.integers(min_value=1, max_value=4))):
        places = find_places(root)
        holder, key = places[draw(_PLACES) % len(places)]
        match draw(st.sampled_from(["drop", "double", "swap", "value"])):
            case "drop":
                del holder[key]
            case "double" if isinstance(holder, list):
                holder.insert(key, holder[key])
            case "swap":
                other, at = places[draw(_PLACES) % len(places)]
                if not isinstance(holder[key], dict | list) and not isinstance(other[at], dict | list):
                    holder[key], other[at] = other[at], holder[key]
            case _:
                holder[key] = draw(_ODD)
    return dump_yaml(root)


def read(data: bytes, *, contradictory: bool = False) -> Rulebook | None:
    """Return the rulebook, or None where it is refused as it should be."""
    try:
        root = read_document(data, "damaged.yaml")
        return parse_rulebook(root, load_pack=load_pack, build_calendar=build_calendar, contradictory=contradictory)
    except DocumentError as error:
        refused = error
    assert "damaged.yaml" in refused.problem
    return None


BOOKS: Final = [(SHIPPED / f"{name}.yaml").read_text() for name in shipped_names("rulebooks")]
CLUB: Final = (SHIPPED / "small-club.yaml").read_text()


@given(st.data())
@settings(deadline=None, max_examples=30)
def test_damaged_rulebook_is_read_or_refused_where_it_is_wrong(data: st.DataObject) -> None:
    found = read(data.draw(damage(data.draw(st.sampled_from(BOOKS)))))
    if found is not None:
        find_oddities(found, today=found.calendar.valid_from)


@given(damage(CLUB))
@settings(deadline=None, max_examples=15)
def test_damaged_rulebook_that_is_read_is_proved_or_refuted(data: bytes) -> None:
    found = read(data, contradictory=True)
    if found is None:
        return
    proof = prove(found, scope=Scope(0, bound=20))
    assert {one.verdict for one in proof.results} <= {"proved", "refuted", "not covered"}


@given(st.data())
@settings(deadline=None, max_examples=30)
def test_damaged_pack_is_read_or_refused_where_it_is_wrong(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(_PACKS.rglob("pack.yaml"))))
    try:
        assert parse_pack(read_document(data.draw(damage(name.read_text())), "damaged.yaml")).id
    except DocumentError as error:
        refused = error
    else:
        return
    assert "damaged.yaml" in refused.problem
