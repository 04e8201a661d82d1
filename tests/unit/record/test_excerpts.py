"""Building an excerpt: it shows the pieces asked for and five claims, reads nothing else, and refuses other bytes."""

import pytest

from alteram.core.record import ExportedStatement, RecordError, build_excerpt, release_pieces, verify_excerpt
from alteram.core.record import excerpts as module
from alteram.core.record.excerpts import SHOWN, ExcerptHead, PlacedStatement, ReleasedRange, write_excerpt
from alteram.core.vault import parse_presentation
from tests.excerpts import FLAC, MESSAGES, build_scene, excerpt, take_apart, with_ed25519
from tests.exports import MATTER, ORGANISATION


def test_excerpt_shows_five_claims_and_no_word_of_the_rest() -> None:
    data = excerpt("recording", (0, 1), (3, 4))
    parts = take_apart(data)
    shown = parse_presentation(parts.head["entry"].encode())
    assert tuple(shown.claims) == SHOWN
    assert b"Nobody who sees" not in data
    assert MATTER.encode() not in data
    assert b"m03" not in data


def test_verified_excerpt_says_by_when_the_whole_was_in_the_log_and_who_says_so() -> None:
    made = verify_excerpt(excerpt("thread", (1, 2)))
    scene = build_scene()
    assert made.recorded_by is not None
    assert made.recorded_by.at == int(
        scene.log.sizes[min(one for one in scene.log.sizes if one > made.index)].timestamp()
    )
    assert made.recorded_by.witnessed
    assert made.cosigned_by == ("example.com/witness-b", "example.net/witness-a")
    assert made.is_witnessed
    assert made.notes == (
        "The log example.org/caucus follows example.org/old, whose last head held 4 entries, all of them carried over.",
    )


def test_other_bytes_than_were_lodged_are_not_released() -> None:
    exhibit = build_scene().exhibits["thread"]
    begin, end = exhibit.pieces.find_span(2, 6)
    content = exhibit.content[begin:end]
    for bad in (content[:-1] + b"!", content[1:] + content[:1]):
        with pytest.raises(RecordError) as caught:
            release_pieces(exhibit.pieces, exhibit.key, 2, 6, bad)
        assert caught.value.code == "excerpt.pieces"


def test_pieces_under_another_key_are_not_released() -> None:
    exhibit = build_scene().exhibits["thread"]
    begin, end = exhibit.pieces.find_span(2, 6)
    with pytest.raises(RecordError) as caught:
        release_pieces(exhibit.pieces, bytes(32), 2, 6, exhibit.content[begin:end])
    assert caught.value.code == "excerpt.pieces"


def test_entry_that_lodged_nothing_in_pieces_has_no_excerpt() -> None:
    scene = build_scene()
    index, opened = scene.log.entries[MATTER, 0]
    note = with_ed25519(scene.log.checkpoint)
    with pytest.raises(RecordError) as caught:
        build_excerpt(
            organisation=ORGANISATION,
            entry=opened.presentation.redact({"act", "act.exhibit"}),
            receipt=scene.log.receipt(index, note, b"\x01" + opened.blinding),
            record_key=ExportedStatement(scene.log.leaves[0], scene.log.receipt(0, note)),
            policy=b"",
            released=[],
        )
    assert caught.value.code == "excerpt.claims"


def head(lengths: tuple[int, ...]) -> ExcerptHead:
    placed = PlacedStatement(index=0, path=(), statement="")
    parts = (ReleasedRange(first=0, lengths=lengths, proof=()),)
    return ExcerptHead(
        checkpoints=(),
        entry="",
        organisation="",
        policy="",
        ranges=parts,
        receipt="",
        record_key=placed,
        successions=(),
    )


def test_excerpt_is_written_up_to_the_limit_and_not_over_it(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = write_excerpt(head((8,)), [bytes(24)])
    monkeypatch.setattr(module, "MAX_EXCERPT", len(whole))
    assert write_excerpt(head((8,)), [bytes(24)]) == whole
    assert module.parse_excerpt_unverified(whole).leaves == (((bytes(16), bytes(8)),),)
    monkeypatch.setattr(module, "MAX_EXCERPT", len(whole) - 1)
    with pytest.raises(RecordError) as caught:
        write_excerpt(head((8,)), [bytes(24)])
    assert caught.value.code == "excerpt.too-large"
    with pytest.raises(RecordError):
        module.parse_excerpt_unverified(whole)


def test_head_is_read_up_to_its_limit_and_not_over_it(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = write_excerpt(head((1,)), [bytes(17)])
    size = int.from_bytes(whole[18:22], "big")
    monkeypatch.setattr(module, "MAX_HEAD", size)
    assert module.parse_excerpt_unverified(whole).head == head((1,))
    monkeypatch.setattr(module, "MAX_HEAD", size - 1)
    with pytest.raises(RecordError) as caught:
        module.parse_excerpt_unverified(whole)
    assert caught.value.code == "excerpt.form"


def test_whole_recording_and_its_beginning_need_no_header_beside_them() -> None:
    assert verify_excerpt(excerpt("recording", (0, 10))).content == FLAC
    assert verify_excerpt(excerpt("recording", (0, 2))).header is None
    assert verify_excerpt(excerpt("thread", (0, 11))).content == b"".join(MESSAGES)
