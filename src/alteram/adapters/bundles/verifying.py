"""Checks redactions, in every form they are served in, and refuses one that leaks, or of which it cannot tell.

It looks for the words that were cut out, everywhere, in what a reader sees, selects or finds with a tool; and it
refuses, whatever the words, what is not of the plain shape of a redaction or has a box that is not black. It knows no
synonym, and does not tell what the rest of a text gives away: a second person reads it.
"""

import json
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import BinaryIO, Final, Literal, cast

from alteram.adapters.bundles.needles import Needle, find_secrets, make_needles
from alteram.adapters.bundles.opening import MalformedZipError, Member, open_members
from alteram.adapters.bundles.redacting import DPI, RENDERING, Recognising, boxes_on
from alteram.adapters.bundles.workers import AsksWorkers, Bounds, BundleError, as_told, ask_worker
from alteram.core.disclosure.redactions import MASK, Cut
from alteram.core.kernel.phrases import Phrase, as_own, join, phrase
from alteram.operations.evidence_ports import Unshown

READING: Final = Bounds(seconds=900, memory=4 << 30, file_size=4 << 30, written=16 << 30)
MAX_TEXT: Final = 64 << 20
MAX_PAGES: Final = 600
_NESTED: Final = 2
Media = Literal["application/pdf", "application/zip", "image/jpeg", "image/png", "text/plain"]
_KINDS: Final[dict[str, Media]] = {
    "pdf": "application/pdf",
    "zip": "application/zip",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "txt": "text/plain",
}


@dataclass(frozen=True, slots=True)
class Leak:
    """Where a redaction leaks, or may: place, page (0: none), what is there; `secret` is the word's number, or -1."""

    place: str
    page: int
    what: str
    secret: int = -1


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found. It is true where nothing was found."""

    leaks: tuple[Leak, ...]
    pages: int = 0

    def __bool__(self) -> bool:
        """Tell whether it may be served."""
        return not self.leaks


class RedactionChecker:
    """Checks redactions. What it cannot read, it refuses."""

    def __init__(
        self,
        recogniser: Recognising,
        *,
        language: str = "eng",
        ask: AsksWorkers = ask_worker,
        count: Callable[[], None] = lambda: None,
    ) -> None:
        """Recognise text in pictures with `recogniser`; have files read by workers that are asked with `ask`.

        `count` is called for each picture that was read.
        """
        self._ask = ask
        self._recogniser = recogniser
        self._language = language
        self._count = count

    def counting(self, count: Callable[[], None]) -> "RedactionChecker":
        """Return one that calls `count` for each picture that it has read."""
        return RedactionChecker(self._recogniser, language=self._language, ask=self._ask, count=count)

    def check(self, source: BinaryIO, media: Media, *, cuts: Sequence[Cut], secrets: Sequence[str]) -> Checked:
        """Return where an open redaction leaks. `cuts` say which boxes are to be black, `secrets` what was cut out."""
        return self._check(source, media, cuts, make_needles(secrets), 0)

    def _check(
        self, source: BinaryIO, media: Media, cuts: Sequence[Cut], needles: Sequence[Needle], depth: int
    ) -> Checked:
        try:
            match media:
                case "application/pdf":
                    return self._check_pdf(source, cuts, needles)
                case "image/png" | "image/jpeg":
                    return self._check_picture(source, cuts, needles)
                case "text/plain":
                    return _checked(_check_text(source, needles))
                case "application/zip":
                    return _checked(self._check_zip(source, cuts, needles, depth))
        except BundleError as error:
            return Checked(
                (Leak(phrase("the file"), 0, phrase("it cannot be checked: {problem}", problem=error.problem)),)
            )

    def _check_pdf(self, source: BinaryIO, cuts: Sequence[Cut], needles: Sequence[Needle]) -> Checked:
        leaks = [*self._read_texts(source, needles)]
        with TemporaryDirectory(prefix="check-") as folder:
            job = {"source": source.fileno(), "folder": folder, "boxes": _write_boxes(cuts)}
            shape = self._ask("check shape", job, files=[source], bounds=READING)
            leaks += [Leak(place, page, what) for place, page, what in shape["odd"]]
            for page, words in enumerate(shape["words"]):
                if (picture := Path(folder, f"{page}.png")).exists():
                    leaks += self._compare_words(picture, page, words)
        leaks += self._look_at_pages(source, needles)
        if any(one.secret < 0 for one in leaks):
            # Of the plain shape, it holds no picture but those of its pages, which were read.
            leaks += self._look_at_pictures(source, needles)
        return _checked(leaks, len(shape["words"]))

    def _read_texts(self, source: BinaryIO, needles: Sequence[Needle]) -> Iterator[Leak]:
        coded = [(needle, code) for needle in needles for code in needle.codes]
        with TemporaryFile() as out:
            job = {"source": source.fileno(), "out": out.fileno(), "needles": [code.hex() for _, code in coded]}
            answer = self._ask("read texts", job, files=[source, cast("BinaryIO", out)], bounds=READING)
            out.seek(0)
            for line in out:
                place, page, text = json.loads(line)
                for secret in find_secrets(text, needles):
                    yield Leak(place, page, phrase("a word that was cut out stands there"), secret)
        for place, page, index in answer["found"]:
            yield Leak(place, page, phrase("a word that was cut out stands there, as bytes"), coded[index][0].number)
        for place, what in answer["odd"]:
            yield Leak(place, 0, what)

    def _compare_words(self, picture: Path, page: int, words: Sequence[str]) -> Iterator[Leak]:
        """Yield a leak where the words over a picture are not those that can be read in it."""
        seen = {_bare(word) for word in self._recognise(picture)}
        said = {_bare(word) for word in words}
        if said - seen:
            yield Leak(phrase("text over a picture"), page + 1, phrase("it says what is not read in the picture"))

    def _look_at_pages(self, source: BinaryIO, needles: Sequence[Needle]) -> Iterator[Leak]:
        with TemporaryDirectory(prefix="check-") as folder:
            job = {
                "source": source.fileno(),
                "media": "application/pdf",
                "folder": folder,
                "dpi": DPI,
                "words": False,
                "first": 0,
                "until": MAX_PAGES,
                "max_pages": MAX_PAGES,
            }
            for page in self._ask("render", job, files=[source], bounds=RENDERING)["pages"]:
                picture = Path(folder, f"{page['page']}.png")
                yield from self._look(picture, phrase("what is seen"), page["page"] + 1, needles)

    def _look_at_pictures(self, source: BinaryIO, needles: Sequence[Needle]) -> Iterator[Leak]:
        with TemporaryDirectory(prefix="check-") as folder:
            job = {"source": source.fileno(), "folder": folder}
            answer = self._ask("pull pictures", job, files=[source], bounds=READING)
            for name in answer["pictures"]:
                yield from self._look(Path(folder, name), phrase("picture in the file"), 0, needles)
            if answer["more"]:
                yield Leak(phrase("picture in the file"), 0, phrase("there are more than can be read"))

    def _check_picture(self, source: BinaryIO, cuts: Sequence[Cut], needles: Sequence[Needle]) -> Checked:
        source.seek(0)
        data = source.read(MAX_TEXT)
        coded = [(needle, code) for needle in needles for code in needle.codes]
        small = data.lower()
        leaks = [
            Leak(
                phrase("bytes of the file"), 0, phrase("a word that was cut out stands there, as bytes"), needle.number
            )
            for needle, code in coded
            if code in small
        ]
        with TemporaryDirectory(prefix="check-") as folder:
            job = {"source": source.fileno(), "folder": folder, "boxes": _write_boxes(cuts)}
            answer = self._ask("check picture", job, files=[source], bounds=READING)
            leaks += [Leak(place, page, what) for place, page, what in answer["odd"]]
            if (picture := Path(folder, "0.png")).exists():
                leaks += self._look(picture, phrase("what is seen"), 1, needles)
        return _checked(leaks, 1)

    def _check_zip(
        self, source: BinaryIO, cuts: Sequence[Cut], needles: Sequence[Needle], depth: int
    ) -> Iterator[Leak]:
        if depth >= _NESTED:
            yield Leak(phrase("zip"), 0, phrase("it holds zips within zips"))
            return
        try:
            for member in open_members(source):
                yield from self._check_member(member, cuts, needles, depth)
        except MalformedZipError as error:
            yield Leak(phrase("zip"), 0, error.problem)

    def _check_member(
        self, member: Member, cuts: Sequence[Cut], needles: Sequence[Needle], depth: int
    ) -> Iterator[Leak]:
        for secret in find_secrets(member.name, needles):
            yield Leak(phrase("name in a zip"), 0, phrase("a word that was cut out stands there"), secret)
        kind = _KINDS.get(member.name.rpartition(".")[2].lower())
        if member.name == "SHA256SUMS":
            kind = "text/plain"
        if kind is None:
            yield Leak(
                phrase("{file} in a zip", file=as_own(member.name)), 0, phrase("it is of a kind that cannot be checked")
            )
            return
        for leak in self._check(member.file, kind, cuts, needles, depth + 1).leaks:
            yield Leak(_in_zip(as_told(leak.place), member.name), leak.page, leak.what, leak.secret)

    def _look(self, picture: Path, place: str, page: int, needles: Sequence[Needle]) -> Iterator[Leak]:
        text = " ".join(self._recognise(picture))
        for secret in find_secrets(text, needles):
            yield Leak(place, page, phrase("a word that was cut out can be read there"), secret)

    def _recognise(self, picture: Path) -> list[str]:
        found = self._recogniser.recognise(picture, self._language)
        self._count()
        if isinstance(found, Unshown):
            raise BundleError(
                phrase("the text in a picture could not be recognised ({why})", why=found.detail or found.why)
            )
        return [word.text for word in found.words]


def _in_zip(place: str, file: str) -> Phrase:
    return phrase("{place}, in {file} in a zip", place=place, file=as_own(file))


def _check_text(source: BinaryIO, needles: Sequence[Needle]) -> Iterator[Leak]:
    source.seek(0)
    data = source.read(MAX_TEXT + 1)
    if len(data) > MAX_TEXT:
        yield Leak(phrase("text"), 0, phrase("it is longer than can be checked"))
        return
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        yield Leak(phrase("text"), 0, phrase("it is not plain text (UTF-8)"))
        return
    for secret in find_secrets(text, needles):
        yield Leak(phrase("text"), 0, phrase("a word that was cut out stands there"), secret)
    small = data.lower()
    for needle in needles:
        if any(code in small for code in needle.codes):
            yield Leak(phrase("text"), 0, phrase("a word that was cut out stands there, in other signs"), needle.number)
    unseen = sorted({f"U+{ord(one):04X}" for one in text if _is_unseen(one)})
    if unseen:
        yield Leak(
            phrase("text"),
            0,
            phrase("it holds characters that nobody sees ({codes})", codes=join(", ", map(as_own, unseen[:5]))),
        )


def _is_unseen(character: str) -> bool:
    if character in "\n\r\t" or character in MASK:
        return False
    return unicodedata.category(character) in {"Cc", "Cf", "Co", "Cn", "Cs"} or 0xFE00 <= ord(character) <= 0xFE0F


def _write_boxes(cuts: Sequence[Cut]) -> list[dict[str, object]]:
    pages = sorted({place.page for cut in cuts for place in cut.places})
    return [
        {"number": number, "page": page, "box": [box.left, box.top, box.right, box.bottom]}
        for page in pages
        for number, box in boxes_on(cuts, page)
    ]


def _bare(word: str) -> str:
    return "".join(one if ord(one) < 0x10000 else "\ufffd" for one in "".join(word.split()))


def _checked(leaks: Iterator[Leak] | list[Leak], pages: int = 0) -> Checked:
    return Checked(tuple(dict.fromkeys(leaks)), pages)
