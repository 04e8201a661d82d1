"""One hostile or broken file of the corpus, and where the ones that fetch or write would leave a trace."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sample:
    """A file: what it is called here, what it pretends to be, the name its sender gives it, and its bytes."""

    name: str
    media: str
    data: bytes
    file_name: str = ""


@dataclass(frozen=True, slots=True)
class Traps:
    """Where a file that is executed or followed leaves a trace: an address that is listened at, a path to write to."""

    address: str
    path: str


def cut_short(name: str, media: str, data: bytes, parts: int) -> list[Sample]:
    """Return a good file cut off at so many places, spread over all of it, and just before its end."""
    places = [len(data) * part // (parts + 1) for part in range(1, parts + 1)] + [len(data) - 1]
    return [Sample(f"{name} cut at {place}", media, data[:place]) for place in dict.fromkeys(places)]


def flip(name: str, media: str, data: bytes, count: int) -> list[Sample]:
    """Return a good file with one byte turned over, at so many places."""
    step = max(1, len(data) // (count + 1))
    return [
        Sample(f"{name} flipped at {at}", media, data[:at] + bytes((data[at] ^ 0xFF,)) + data[at + 1 :])
        for at in range(step, len(data), step)
    ][:count]
