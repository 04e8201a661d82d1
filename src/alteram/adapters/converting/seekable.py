"""The index of a seekable form, which pieces hold a stretch of time, and a part that plays, out of those pieces."""

from bisect import bisect_left, bisect_right
from pathlib import Path
from typing import Final

from alteram.adapters.converting import flac, matroska
from alteram.core.kernel.errors import MalformedError
from alteram.core.kernel.phrases import phrase
from alteram.operations.evidence_ports import PlayableExcerpt, RecordingIndex, Unshown

#: Bytes of a piece of these forms.
PIECE: Final = 64 << 10
#: Seconds between two places of an index of FLAC.
STEP: Final = 1.0
_WINDOW: Final = 8 << 20


def index_flac(file: Path) -> RecordingIndex:
    """Return the index of a FLAC file, from its frames' own headers.

    Raises: MalformedError when a frame is missing, or there are more or fewer samples than the head says.
    """
    with file.open("rb") as stream:
        info = flac.parse_head(stream.read(PIECE))
        every = max(1, round(STEP * info.rate / flac.BLOCK))
        places: list[tuple[int, int]] = []
        base, data, at, number, samples = info.frames_at, b"", 0, 0, 0
        stream.seek(base)
        while new := stream.read(_WINDOW):
            # A frame that began in the last window is read again with what follows it.
            base, data, at = base + at, data[at:] + new, 0
            if len(data) > _WINDOW + flac.MAX_FRAME:
                raise MalformedError("A FLAC file in which a frame is missing.")
            for frame in flac.find_frames(data, 0, number):
                if frame.number % every == 0:
                    places.append((frame.number * flac.BLOCK, base + frame.at))
                number, at = frame.number + 1, frame.at + frame.header
                samples += frame.samples
        size = stream.seek(0, 2)
    if not samples or samples != info.samples:
        raise MalformedError("A FLAC file that is not whole.")
    return RecordingIndex("flac", info.rate, samples, size, tuple(places))


def index_matroska(file: Path, milliseconds: int) -> RecordingIndex:
    """Return the index of a Matroska file: the clusters from which it can be played. Raises: MalformedError."""
    with file.open("rb") as stream:
        head = matroska.parse_head(stream.read(PIECE))
        clusters = list(matroska.scan_clusters(stream, head.video))
        size = stream.seek(0, 2)
    places = tuple((one.at_ms, one.at) for one in clusters if one.starts)
    if not places or sorted(places) != list(places):
        raise MalformedError("A Matroska file without a beginning from which it can be played.")
    return RecordingIndex("matroska", 1_000, max(milliseconds, clusters[-1].at_ms), size, places)


def find_piece_range(index: RecordingIndex, from_s: float, until_s: float) -> tuple[int, int]:
    """Return the pieces, half-open, in which everything from one second to another stands, and no more than needed.

    Raises: MalformedError when there is no such stretch in the recording.
    """
    begin, end = int(from_s * index.rate), -int(-until_s * index.rate // 1)
    if not 0 <= begin < end or begin >= index.length:
        raise MalformedError(phrase("There is no such stretch in the recording."))
    firsts = [first for first, _ in index.places]
    before = max(0, bisect_right(firsts, begin) - 1)
    after = bisect_left(firsts, end)
    from_byte = index.places[before][1]
    until_byte = index.places[after][1] if after < len(firsts) else index.size
    # One byte into the next place, and a frame's head is whole: where a part ends shows itself in what follows it.
    until_byte = min(index.size, until_byte + 16)
    return from_byte // PIECE, -(-until_byte // PIECE)


def play_excerpt(header: bytes, pieces: bytes, first_piece: int) -> PlayableExcerpt | Unshown:
    """Return every whole frame in a range of pieces as a file that plays.

    `header` is piece 0, `pieces` the bytes of the range, which begins with `first_piece`. The last frame of a range
    counts only where the next one begins in it, or the recording ends: its end cannot be known otherwise.
    """
    try:
        if header[:4] == flac.MARK:
            return _play_flac(header, pieces, first_piece)
        return _play_matroska(header, pieces, first_piece)
    except (MalformedError, IndexError) as error:
        return Unshown("damaged", str(error) or "The pieces are not of a recording.")


def _play_flac(header: bytes, pieces: bytes, first_piece: int) -> PlayableExcerpt | Unshown:
    info = flac.parse_head(header)
    begins = first_piece * PIECE <= info.frames_at
    at = max(0, info.frames_at - first_piece * PIECE) if begins else 0
    frames = list(flac.find_frames(pieces, at, 0 if begins else None))
    if not frames:
        return Unshown("damaged", "No whole frame stands in these pieces.")
    last = frames[-1]
    if last.number * flac.BLOCK + last.samples == info.samples and flac.is_whole(pieces[last.at :]):
        end = len(pieces)
    else:
        end = last.at
        frames.pop()
    if not frames:
        return Unshown("damaged", "No whole frame stands in these pieces.")
    data = flac.cut(header, pieces, frames, end)
    length = sum(one.samples for one in frames)
    return PlayableExcerpt("audio/flac", data, frames[0].number * flac.BLOCK, length, info.rate)


def _play_matroska(header: bytes, pieces: bytes, first_piece: int) -> PlayableExcerpt | Unshown:
    head = matroska.parse_head(header)
    del first_piece  # a cluster says its own time
    clusters = list(matroska.find_clusters(pieces, head.video))
    starts = next((at for at, one in enumerate(clusters) if one.starts), None)
    if starts is None:
        return Unshown("damaged", "No cluster from which it can be played stands in these pieces.")
    clusters = clusters[starts:]
    length = clusters[-1].at_ms - clusters[0].at_ms + matroska.measure_cluster(pieces, clusters[-1])
    data = matroska.cut(head, pieces, clusters, length)
    return PlayableExcerpt("video/x-matroska", data, clusters[0].at_ms, length, 1_000)
