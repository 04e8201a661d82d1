"""One spelling for every entry; nothing but our own error out of arbitrary claims and bytes."""

from contextlib import suppress
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from alteram.core.acts import ReportLodged
from alteram.core.kernel.canonical import encode_canonical, parse_canonical
from alteram.core.kernel.errors import MalformedError
from alteram.core.kernel.identifiers import IDENTIFIER_PATTERN, PersonId, StreamId
from alteram.core.kernel.instants import encode_instant, parse_instant
from alteram.core.record import Attachment, Entry, RecordError, Seen, encode_claims, parse_entry
from alteram.core.record.archive import Archive
from alteram.core.record.claims import check_claims
from conformance import disclosures
from conformance.failure import Failure
from conformance.spelling import find_instant, read_json
from tests.exports import MATTER, build_log
from tests.verdicts import ask_both

identifiers = st.from_regex(IDENTIFIER_PATTERN.replace("$", r"\Z"))
hashes = st.binary(min_size=32, max_size=32)
counts = st.integers(0, 99_999_999)
texts = st.text(st.characters(codec="utf-8"), max_size=40)
json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | texts,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(st.characters(max_codepoint=127), max_size=6), inner, max_size=3)
    ),
    max_leaves=6,
)
instants = st.datetimes(datetime(1000, 1, 1), datetime(9999, 12, 31)).map(  # noqa: DTZ001 - Hypothesis takes naive bounds
    lambda at: at.replace(microsecond=0, tzinfo=UTC)
)
entries = st.builds(
    Entry,
    stream=identifiers.map(StreamId),
    seq=counts,
    prev=st.none() | hashes,
    act=st.builds(
        ReportLodged,
        identity=st.sampled_from(["named", "protected", "anonymous"]),
        about=st.sampled_from(["incident", "person", "practice"]),
        text=st.text(st.characters(codec="utf-8"), min_size=1, max_size=40),
        people=st.lists(identifiers.map(PersonId), max_size=2).map(tuple),
        first_on=st.none() | st.dates(date(1000, 1, 1), date(9998, 12, 31)),
        public=st.booleans(),
    ),
    actor=st.none() | identifiers.map(PersonId),
    at=instants,
    ruling=st.dictionaries(st.sampled_from(["result", "clause"]), json_values, max_size=2),
    reads=st.lists(st.tuples(identifiers.map(StreamId), counts), max_size=2).map(tuple),
    seen=st.none() | st.builds(Seen, texts, counts, hashes),
    attachments=st.lists(st.builds(Attachment, hashes.map(bytes.hex), counts), max_size=2).map(tuple),
)
CLAIMS = encode_claims(
    build_log().next_entry(MATTER, ReportLodged(identity="named", about="person", text="said"), "m03")
)


def through_json(claims: Any) -> Any:
    return parse_canonical(encode_canonical(claims))


@given(entries)
def test_every_entry_is_read_back(entry: Entry) -> None:
    claims = through_json(encode_claims(entry))
    assert parse_entry(claims) == entry
    disclosures.check_claims(claims)


@given(st.sampled_from(sorted(CLAIMS)), json_values)
def test_every_accepted_entry_has_one_spelling(name: str, value: Any) -> None:
    claims = through_json({**CLAIMS, name: value})
    try:
        entry = parse_entry(claims)
    except RecordError:
        return
    assert encode_canonical(encode_claims(entry)) == encode_canonical(claims)


@given(st.dictionaries(st.sampled_from([*CLAIMS, "author", "later"]), json_values))
def test_nothing_but_our_error_comes_out_of_claims(claims: dict[str, Any]) -> None:
    with suppress(RecordError):
        parse_entry(claims)


@given(st.dictionaries(st.sampled_from([*CLAIMS, "later"]), json_values, max_size=3))
def test_both_judge_the_form_of_claims_alike(claims: dict[str, Any]) -> None:
    claims.pop("fields", None)
    verdicts = []
    for check, error in ((check_claims, RecordError), (disclosures.check_claims, Failure)):
        try:
            check(claims)
            verdicts.append(True)
        except error:
            verdicts.append(False)
    assert verdicts[0] == verdicts[1]


@given(
    st.sampled_from(["stream", "actor", "at", "act", "prev"]), st.text(max_size=70) | instants.map(str) | identifiers
)
def test_both_judge_the_form_of_texts_alike(name: str, value: str) -> None:
    test_both_judge_the_form_of_claims_alike.hypothesis.inner_test({name: value})  # type: ignore[attr-defined]  # Hypothesis puts it there


near_json = st.one_of(
    st.binary(max_size=60),
    json_values.map(msgspec.json.encode),
    json_values.map(lambda value: msgspec.json.encode(value, order="deterministic")),
    st.floats(allow_nan=False).map(msgspec.json.encode),
    st.integers(-(2**70), 2**70).map(lambda number: str(number).encode()),
    st.integers(0, 40).map(lambda depth: b"[" * depth + b"]" * depth),
    st.integers(1, 40).map(lambda depth: b"[" * depth + b"1" + b"]" * depth),
    st.text(max_size=5).map(lambda text: b'"' + text.encode("utf-8", "surrogatepass") + b'"'),
    st.sampled_from(
        [b"-0", b"1e3", b"NaN", b"\xef\xbb\xbf1", b'"\\ud83d\\ude00"', b'"\\u007f"', b'"\\/"', b'"\x7f"', b"[1,]"]
    ),
)


@given(near_json)
def test_both_read_the_same_json_and_no_other(data: bytes) -> None:
    try:
        first = (True, parse_canonical(data))
    except MalformedError:
        first = (False, None)
    try:
        second = (True, read_json(data, 1 << 20, "form"))
    except Failure:
        second = (False, None)
    assert first == second


@given(
    instants.map(lambda at: at.strftime("%Y-%m-%dT%H:%M:%SZ"))
    | st.from_regex(r"[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-6][0-9]:[0-6][0-9]Z", fullmatch=True)
)
def test_both_read_the_same_instants_and_no_other(text: str) -> None:
    try:
        first = parse_instant(text)
    except MalformedError:
        assert find_instant(text) is None
        return
    assert find_instant(text) == first
    assert encode_instant(first) == text


@given(st.binary(max_size=400))
def test_nothing_but_our_error_comes_out_of_a_container(data: bytes) -> None:
    for raw in (data, b"PK\x03\x04" + data, data + b"PK\x05\x06" + bytes(18)):
        try:
            archive = Archive(BytesIO(raw))
            for name in archive.names:
                archive.read(name)
        except RecordError:
            pass
        assert ask_both(raw)[0].accepted is False
