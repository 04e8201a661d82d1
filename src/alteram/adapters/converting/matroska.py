"""Matroska (RFC 9559), read just so far that whole clusters can be cut out and played as a file of their own.

Clusters say their own time, so where a range of bytes stands in the recording is in the bytes themselves. Cutting
moves those times so that the part begins at nought; what is in the blocks does not change.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

from alteram.core.kernel.errors import MalformedError

_EBML: Final = b"\x1a\x45\xdf\xa3"
_SEGMENT: Final = b"\x18\x53\x80\x67"
_INFO: Final = b"\x15\x49\xa9\x66"
_TRACKS: Final = b"\x16\x54\xae\x6b"
_TRACK: Final = b"\xae"
_TRACK_NUMBER: Final = b"\xd7"
_TRACK_TYPE: Final = b"\x83"
_VIDEO: Final = 1
CLUSTER: Final = b"\x1f\x43\xb6\x75"
_TIME: Final = b"\xe7"
_SIMPLE_BLOCK: Final = b"\xa3"
_SCALE: Final = b"\x2a\xd7\xb1"
_DURATION: Final = b"\x44\x89"
_CHECKSUM: Final = b"\xbf"
_VOID: Final = b"\xec"
#: How a duration is written, by its size.
_FLOATS: Final = {4: ">f", 8: ">d"}
#: Nanoseconds of one unit of time, as this form is made: milliseconds.
MILLISECOND: Final = 1_000_000
#: Bytes of the head that are kept in the first piece: this form is refused where they do not fit.
MAX_HEAD: Final = 64 << 10


@dataclass(frozen=True, slots=True)
class Element:
    """An element: its identifier, where its content begins and where it ends."""

    identifier: bytes
    at: int
    content: int
    end: int


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster: when it begins in milliseconds, where it stands, and whether a picture of it can be shown alone."""

    at_ms: int
    at: int
    end: int
    starts: bool


@dataclass(frozen=True, slots=True)
class Head:
    """What stands before the clusters: the format's own head, the segment's facts and its tracks."""

    ebml: bytes
    info: bytes
    tracks: bytes
    video: int | None


def parse_head(data: bytes) -> Head:
    """Return the head of a file. Raises: MalformedError when it is not Matroska, or not whole in `data`."""
    ebml = _parse_element(data, 0)
    if ebml is None or ebml.identifier != _EBML:
        raise MalformedError("Not a Matroska file.")
    segment = _parse_element(data, ebml.end)
    if segment is None or segment.identifier != _SEGMENT:
        raise MalformedError("Not a Matroska file.")
    info = tracks = b""
    for element in _walk(data, segment.content, len(data)):
        if element.identifier == CLUSTER or (info and tracks):
            break
        if element.identifier == _INFO:
            info = data[element.at : element.end]
        elif element.identifier == _TRACKS:
            tracks = data[element.at : element.end]
    if not info or not tracks:
        raise MalformedError("The head of a Matroska file is not whole.")
    if _find_scale(info) != MILLISECOND:
        raise MalformedError("Matroska with another unit of time.")
    return Head(data[: ebml.end], info, tracks, _find_video(tracks))


def find_clusters(data: bytes, video: int | None, at: int = 0) -> Iterator[Cluster]:
    """Yield the clusters that stand whole in `data`, one after the other.

    The first is where a cluster's head stands and another's follows its end, or the data ends.
    """
    while (at := data.find(CLUSTER, at)) >= 0:
        cluster = _parse_cluster(data, at, video)
        if cluster is None or not (cluster.end == len(data) or _parse_element(data, cluster.end) is not None):
            at += 1
            continue
        yield cluster
        at = cluster.end


def scan_clusters(file: BinaryIO, video: int | None) -> Iterator[Cluster]:
    """Yield the clusters of a whole file, reading little more than their heads. Raises: MalformedError."""
    size = file.seek(0, 2)
    at = _skip_to_segment(file)
    while at < size:
        element = _read_element(file, at, size)
        if element.identifier == CLUSTER:
            file.seek(at)
            # The first block, which says whether a picture stands alone, follows the time at once.
            data = file.read(min(element.end - at, 1 << 12))
            cluster = _parse_cluster(data, 0, video, whole=False)
            if cluster is None:
                raise MalformedError("A cluster without a time.")
            yield Cluster(cluster.at_ms, at, element.end, cluster.starts)
        at = element.end


def cut(head: Head, data: bytes, clusters: list[Cluster], length_ms: int) -> bytes:
    """Return clusters as a file of their own that begins at nought and is so long. Raises: MalformedError."""
    first = clusters[0].at_ms
    if any(one.at_ms < first for one in clusters):
        raise MalformedError("A cluster begins before the first one does.")
    parts = [_set_duration(head.info, length_ms), head.tracks]
    parts += [_move(data[one.at : one.end], one.at_ms - first) for one in clusters]
    body = b"".join(parts)
    return b"".join((head.ebml, _SEGMENT, (1 << 56 | len(body)).to_bytes(8, "big"), body))


def measure_cluster(data: bytes, cluster: Cluster) -> int:
    """Return how many milliseconds after its beginning the last block of a cluster begins."""
    element = _parse_element(data, cluster.at)
    last = 0
    for inner in _walk(data, 0 if element is None else element.content, cluster.end):
        if inner.identifier == _SIMPLE_BLOCK:
            last = max(last, int.from_bytes(data[inner.content + 1 : inner.content + 3], "big", signed=True))
    return last


def _move(raw: bytes, at_ms: int) -> bytes:
    cluster = _parse_element(raw, 0)
    time = None if cluster is None else _find(raw, cluster.content, len(raw), _TIME)
    if time is None:
        raise MalformedError("A cluster without a time.")
    width = time.end - time.content
    return _forget_checksum(raw[: time.content] + at_ms.to_bytes(width, "big") + raw[time.end :])


def _forget_checksum(raw: bytes) -> bytes:
    """Return an element whose checksum, which fits no more, is an empty element of the same size (EC, Void)."""
    element = _parse_element(raw, 0)
    if element is None or raw[element.content : element.content + 1] != _CHECKSUM:
        return raw
    end = element.content + 6
    return raw[: element.content] + _VOID + b"\x84" + bytes(4) + raw[end:]


def _set_duration(info: bytes, length_ms: int) -> bytes:
    element = _parse_element(info, 0)
    duration = None if element is None else _find(info, element.content, len(info), _DURATION)
    if duration is None or duration.end - duration.content not in _FLOATS:
        return info
    told = struct.pack(_FLOATS[duration.end - duration.content], length_ms)
    return _forget_checksum(info[: duration.content] + told + info[duration.end :])


def _parse_cluster(data: bytes, at: int, video: int | None, *, whole: bool = True) -> Cluster | None:
    element = _parse_element(data, at)
    if element is None or (whole and element.end > len(data)):
        return None
    time = block = None
    for inner in _walk(data, element.content, min(element.end, len(data))):
        if inner.identifier == _TIME and inner.end - inner.content <= 8:
            time = int.from_bytes(data[inner.content : inner.end], "big")
        elif inner.identifier == _SIMPLE_BLOCK and _is_of(data, inner, video):
            block = inner
            break
    if time is None:
        return None
    return Cluster(time, at, element.end, video is None or (block is not None and _stands_alone(data, block)))


def _is_of(data: bytes, block: Element, video: int | None) -> bool:
    return video is None or data[block.content] == 0x80 | video


def _stands_alone(data: bytes, block: Element) -> bool:
    # Track (one byte here), two of time, then the flags: the first says that a picture needs no other.
    return bool(data[block.content + 3] & 0x80) if block.content + 3 < len(data) else False


def _find_scale(info: bytes) -> int:
    element = _parse_element(info, 0)
    scale = None if element is None else _find(info, element.content, len(info), _SCALE)
    return MILLISECOND if scale is None else int.from_bytes(info[scale.content : scale.end], "big")


def _find_video(tracks: bytes) -> int | None:
    element = _parse_element(tracks, 0)
    for track in _walk(tracks, 0 if element is None else element.content, len(tracks)):
        number = _find(tracks, track.content, track.end, _TRACK_NUMBER)
        kind = _find(tracks, track.content, track.end, _TRACK_TYPE)
        if track.identifier == _TRACK and number is not None and kind is not None and tracks[kind.content] == _VIDEO:
            return tracks[number.content]
    return None


def _find(data: bytes, at: int, end: int, identifier: bytes) -> Element | None:
    return next((one for one in _walk(data, at, end) if one.identifier == identifier), None)


def _walk(data: bytes, at: int, end: int) -> Iterator[Element]:
    while at < end and (element := _parse_element(data, at)) is not None:
        yield element
        at = element.end


def _parse_element(data: bytes, at: int) -> Element | None:
    if at >= len(data) or not data[at]:
        return None
    length = 9 - data[at].bit_length()
    if length > 4 or at + length >= len(data) or not data[at + length]:
        return None
    first = data[at + length]
    width = 9 - first.bit_length()
    size_end = at + length + width
    if size_end > len(data):
        return None
    size = int.from_bytes(data[at + length : size_end], "big") & (1 << 7 * width) - 1
    if size == (1 << 7 * width) - 1:
        # Unknown: only a segment may be so, and it is walked into, never over.
        return Element(data[at : at + length], at, size_end, 1 << 62)
    return Element(data[at : at + length], at, size_end, size_end + size)


def _read_element(file: BinaryIO, at: int, size: int) -> Element:
    file.seek(at)
    element = _parse_element(file.read(12) + bytes(1), 0)
    if element is None or at + element.end > size:
        raise MalformedError("A Matroska file that is not whole.")
    return Element(element.identifier, at, at + element.content, at + element.end)


def _skip_to_segment(file: BinaryIO) -> int:
    file.seek(0)
    data = file.read(1 << 10)
    ebml = _parse_element(data, 0)
    segment = None if ebml is None else _parse_element(data, ebml.end)
    if segment is None or segment.identifier != _SEGMENT:
        raise MalformedError("Not a Matroska file.")
    return segment.content
