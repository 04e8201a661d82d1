"""FLAC (RFC 9639) with one block size, read just so far that a part of it can be cut out and proved to be that part.

Each frame says its own number under a checksum, so where a range of bytes stands in the recording is in the bytes
themselves. Cutting renumbers the frames from nought, so that a browser plays the part as a file of its own; the
samples are not decoded and do not change.
"""

import sys
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from alteram.core.kernel.errors import MalformedError

MARK: Final = b"fLaC"
#: Samples of every frame but the last, which may be shorter.
BLOCK: Final = 4096
#: What a frame's header says for how many samples are in it; 6 and 7 say it in one or two further bytes.
_SIZES: Final = {1: 192, **{2 + at: 576 << at for at in range(4)}, **{8 + at: 256 << at for at in range(8)}}
_TOLD_CODES: Final = (6, 7)
_STREAM_INFO: Final = 34
_SYNC: Final = b"\xff\xf8"  # blocks of one size; \xfff9 would be of several
_MAX_HEADER: Final = 16
#: Bytes that a frame has at most, here: eight channels of 32 bits, and room.
MAX_FRAME: Final = BLOCK * 8 * 4 + (1 << 12)

#: Headers that are tried as the first of a range: in sound, one in millions of bytes is none; made on purpose, all are.
_TRIES: Final = 16


@dataclass(frozen=True, slots=True)
class StreamInfo:
    """What the head of a FLAC file says: samples in each second, channels, bits, samples in all, where frames begin."""

    rate: int
    channels: int
    bits: int
    samples: int
    frames_at: int


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame: its number, where it begins, how long its header is, how many samples it holds."""

    number: int
    at: int
    header: int
    samples: int


def parse_head(data: bytes) -> StreamInfo:
    """Return what the head says. Raises: MalformedError when it is not whole, or its blocks are of another size."""
    if data[:4] != MARK or len(data) < 8 + _STREAM_INFO or data[4] & 0x7F != 0:
        raise MalformedError("Not a FLAC file.")
    info = data[8 : 8 + _STREAM_INFO]
    if int.from_bytes(info[0:2], "big") != BLOCK or int.from_bytes(info[2:4], "big") != BLOCK:
        raise MalformedError(f"FLAC with blocks of another size than {BLOCK}.")
    packed = int.from_bytes(info[10:18], "big")
    at, last = 4, False
    while not last:
        if at + 4 > len(data):
            raise MalformedError("The head of a FLAC file is not whole.")
        last = bool(data[at] & 0x80)
        at += 4 + int.from_bytes(data[at + 1 : at + 4], "big")
    return StreamInfo(packed >> 44, (packed >> 41 & 7) + 1, (packed >> 36 & 31) + 1, packed & (1 << 36) - 1, at)


def find_frames(data: bytes, at: int = 0, number: int | None = None) -> Iterator[Frame]:
    """Yield the frames that begin in `data`, from `at` on, each one number after the other.

    With no `number` the first is where a header stands under its checksum and the next number follows it in a header.
    """
    if number is None:
        first = _find_first(data, at)
        if first is None:
            return
        at, number = first.at, first.number
    while (frame := _find_header(data, at, number)) is not None:
        yield frame
        at, number = frame.at + frame.header, number + 1


def _find_first(data: bytes, at: int) -> Frame | None:
    for _ in range(_TRIES):
        frame = _find_header(data, at, None)
        if frame is None:
            return None
        after = _find_header(data, frame.at + frame.header, frame.number + 1, frame.at + MAX_FRAME)
        # A header can stand in samples by chance, or on purpose; the checksum over a whole frame seldom does too.
        if after is not None and is_whole(data[frame.at : after.at]):
            return frame
        at = frame.at + 1
    return None


def _read_crc(data: bytes, end: int) -> int:
    return int.from_bytes(data[end - 2 : end], "big")


def _find_header(data: bytes, at: int, number: int | None, until: int | None = None) -> Frame | None:
    while 0 <= (at := data.find(_SYNC, at, until)) <= len(data) - 6:
        if (frame := _parse_header(data, at)) is not None and number in {None, frame.number}:
            return frame
        at += 1
    return None


def _parse_header(data: bytes, at: int) -> Frame | None:
    code, rate = data[at + 2] >> 4, data[at + 2] & 0x0F
    if code not in _SIZES and code not in _TOLD_CODES:
        return None
    if rate == 0x0F or data[at + 3] >> 4 > 10 or data[at + 3] & 1:
        return None
    coded = _parse_number(data, at + 4)
    if coded is None:
        return None
    number, end = coded
    samples = _SIZES.get(code, 0)
    if code in _TOLD_CODES:
        width = code - 5
        samples = int.from_bytes(data[end : end + width], "big") + 1
        end += width
    end += {12: 1, 13: 2, 14: 2}.get(rate, 0)
    if samples > BLOCK or end >= len(data) or compute_crc8(data[at:end]) != data[end]:
        return None
    return Frame(number, at, end + 1 - at, samples)


def _parse_number(data: bytes, at: int) -> tuple[int, int] | None:
    """Return a number in the way of UTF-8, and where it ends."""
    first = data[at]
    if first < 0x80:
        return first, at + 1
    extra = 7 - (first ^ 0xFF).bit_length()
    if not 1 <= extra <= 5:
        return None
    rest = data[at + 1 : at + 1 + extra]
    if len(rest) < extra or any(one & 0xC0 != 0x80 for one in rest):
        return None
    number = first & (0x3F >> extra)
    for one in rest:
        number = number << 6 | one & 0x3F
    return number, at + 1 + extra


def _encode_number(number: int) -> bytes:
    if number < 0x80:
        return bytes((number,))
    extra = next(count for count in range(1, 6) if number < 1 << (6 * count + 6 - count))
    rest = bytes(0x80 | number >> 6 * place & 0x3F for place in reversed(range(extra)))
    return bytes((0xFF00 >> extra + 1 & 0xFF | number >> 6 * extra,)) + rest


def cut(head: bytes, data: bytes, frames: list[Frame], end: int) -> bytes:
    """Return frames as a file of their own, numbered from nought; `end` is where the last one ends in `data`.

    `head` is how the whole file begins: what it says of rate, channels and bits is kept.

    Raises: MalformedError when the checksum of a frame is wrong.
    """
    stream_info = head[8 : 8 + _STREAM_INFO]
    samples = sum(frame.samples for frame in frames)
    packed = int.from_bytes(stream_info[10:18], "big") >> 36 << 36 | samples
    # Sizes of frames and the digest of all samples are left unknown (0), which RFC 9639, 8.2 allows.
    info = stream_info[:4] + bytes(6) + packed.to_bytes(8, "big") + bytes(16)
    parts = [MARK, b"\x80", _STREAM_INFO.to_bytes(3, "big"), info]
    ends = [frame.at for frame in frames[1:]] + [end]
    for number, (frame, until) in enumerate(zip(frames, ends, strict=True)):
        parts.append(_renumber(data[frame.at : until], frame, number))
    return b"".join(parts)


def _renumber(raw: bytes, frame: Frame, number: int) -> bytes:
    if not is_whole(raw):
        raise MalformedError(f"Frame {frame.number} is damaged.")
    old = len(_encode_number(frame.number))
    header = raw[:4] + _encode_number(number) + raw[4 + old : frame.header - 1]
    whole = header + bytes((compute_crc8(header),)) + raw[frame.header : -2]
    return whole + compute_crc16(whole).to_bytes(2, "big")


def is_whole(raw: bytes) -> bool:
    """Return whether bytes end as a frame does: with the checksum of all before."""
    return len(raw) > 2 and compute_crc16(raw[:-2]) == _read_crc(raw, len(raw))


def _make_table(polynomial: int, bits: int) -> list[int]:
    table = []
    top = 1 << bits - 1
    for byte in range(256):
        value = byte << bits - 8
        for _ in range(8):
            value = (value << 1 ^ polynomial if value & top else value << 1) & (1 << bits) - 1
        table.append(value)
    return table


_CRC8: Final = _make_table(0x07, 8)
_CRC16: Final = _make_table(0x8005, 16)


def compute_crc8(data: bytes) -> int:
    """Return the checksum of a frame's header (RFC 9639, 9.1.8)."""
    value = 0
    for byte in data:
        value = _CRC8[value ^ byte]
    return value


def compute_crc16(data: bytes) -> int:
    """Return the checksum of a frame (RFC 9639, 9.3)."""
    table = _make_wide_table()
    words = array("H", data[: len(data) & ~1])
    if sys.byteorder == "little":
        words.byteswap()
    value = 0
    for word in words:
        value = table[value ^ word]
    return _step(value, data[-1]) if len(data) & 1 else value


@cache
def _make_wide_table() -> tuple[int, ...]:
    # Two bytes at once: half the steps, and each of them shorter. Frames of minutes are checked in a second.
    return tuple(_step(_CRC16[pair >> 8], pair & 0xFF) for pair in range(1 << 16))


def _step(value: int, byte: int) -> int:
    return (value << 8 & 0xFF00) ^ _CRC16[value >> 8 ^ byte]
