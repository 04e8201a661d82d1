"""What people do with a copy before it turns up somewhere: pictures of pages, treated as the tracing figures say.

Everything is drawn from a seed, so that a figure can be taken again. Pages are made up: letters set by typst, and
pictures of such letters as a scanner gives them, each with its own words.
"""

import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pikepdf
import pypdfium2
import typst
from numpy.typing import NDArray
from PIL import Image

from alteram.adapters.bundles.marking import derive_secrets, mark, prepare
from alteram.adapters.bundles.reading_worker import draw_page

Grey = NDArray[np.uint8]
Chance = np.random.Generator
Attack = Callable[[Grey, Chance], Grey]
DRAWN = 300
FONT = Path("src/alteram/adapters/letters/fonts/DejaVuSans.ttf")
WORDS = (  # noqa: SIM905 - a list of words reads best as text
    "the of and a to in that it was for on is with as at by be this had not are but from or have an they which one "
    "committee member meeting decided nobody record complaint respondent chair notice hearing evidence before after "
    "whether statement press article letter rule clause vote minutes president secretary treasurer election answer "
    "conduct procedure deadline appeal penalty reason witness agreement document journalist recording interview said"
).split()


class Drawn:
    """Pages of a PDF as pictures, by pdfium in this process: the files are our own."""

    def __init__(self, path: Path) -> None:
        self._pdf = pypdfium2.PdfDocument(path)

    def count(self) -> int:
        return len(self._pdf)

    def draw(self, page: int, density: float) -> Grey:
        drawn = self._pdf[page - 1].render(scale=density / 72, grayscale=True)
        return np.ascontiguousarray(drawn.to_numpy().reshape(drawn.height, drawn.width))


class Pages:
    """Implements PagePictures, in this process."""

    def __init__(self, path: Path) -> None:
        self._pdf = pypdfium2.PdfDocument(path)

    def count(self) -> int:
        return len(self._pdf)

    def draw(self, page: int, density: float) -> Grey:
        return draw_page(self._pdf, page, density)


def letter(pages: int, chance: Chance, *, small: bool = False) -> bytes:
    """Return so many pages of made-up letters, set by typst; small ones are of A6 and have one paragraph."""
    paper, size, words, paragraphs_of = ("a6", 9, (50, 90), 1) if small else ("a4", 11, (70, 120), 4)
    margin = "1cm" if small else "2.2cm"
    page = f'#set page(paper: "{paper}", margin: {margin}, numbering: "1")\n'
    written = [page + f"#set text(size: {size}pt)\n#set par(justify: true)"]
    for number in range(pages):
        paragraphs = [
            " ".join(chance.choice(WORDS, int(count))).capitalize() + "."
            for count in chance.integers(*words, paragraphs_of)
        ]
        written.append(f"= Letter {number + 1} of {chance.integers(1000)}\n" + "\n\n".join(paragraphs))
    source = "\n#pagebreak(weak: true)\n".join([written[0] + "\n" + written[1], *written[2:]])
    return bytes(typst.compile(source.encode()))


def build_bundle(into: Path, *, letters: int, scans: int, seed: int, small: bool = False) -> None:
    """Write a bundle: pages of letters, then pages that are pictures of other letters, as scanned at 150 dpi."""
    chance = np.random.default_rng(seed)
    with pikepdf.open(io.BytesIO(letter(letters, chance, small=small))) if letters else pikepdf.new() as pdf:
        scanned = Drawn(_keep(into.with_suffix(".scanned.pdf"), letter(scans, chance, small=small))) if scans else None
        for number in range(scans):
            assert scanned is not None
            _add_scan(pdf, turn(scanned.draw(number + 1, 150), chance.normal(0, 0.3)), chance)
        pdf.save(into)


def _keep(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def _add_scan(pdf: pikepdf.Pdf, picture: Grey, chance: Chance) -> None:
    paper = picture * 0.92 + 10 + chance.normal(0, 2.5, picture.shape)
    wide, high = (round(side * 72 / 150, 2) for side in picture.shape[::-1])
    page = pdf.add_blank_page(page_size=(wide, high))
    image = pikepdf.Stream(pdf, jpeg(to_bytes(paper), 85))
    facts: dict[str, Any] = {"Subtype": pikepdf.Name.Image, "ColorSpace": pikepdf.Name.DeviceGray}
    facts |= {"Width": picture.shape[1], "Height": picture.shape[0], "BitsPerComponent": 8}
    for name, value in facts.items():
        image[f"/{name}"] = value
    image["/Filter"] = pikepdf.Name.DCTDecode
    page.add_resource(image, pikepdf.Name.XObject, pikepdf.Name("/Scan"))
    page.contents_add(b"q %.2f 0 0 %.2f 0 0 cm /Scan Do Q" % (wide, high))


def mark_copies(unmarked: Path, seed: bytes, copies: Sequence[bytes], folder: Path) -> dict[bytes, Path]:
    """Return the marked copies of a bundle."""
    folder.mkdir()
    with pikepdf.open(unmarked) as pdf:
        secrets = derive_secrets(seed, len(pdf.pages))
    prepare(unmarked, secrets, folder)
    written = {}
    for copy in copies:
        written[copy] = folder / f"{copy.decode()}.pdf"
        mark(
            folder,
            seed,
            copy,
            written[copy],
            shown=f"Copy for {copy.decode()}, 1 May 2027, 10:00 UTC",
            font=FONT.read_bytes(),
        )
    return written


def to_bytes(picture: NDArray[Any]) -> Grey:
    return np.asarray(np.clip(np.rint(picture), 0, 255), np.uint8)


def jpeg(picture: Grey, quality: int) -> bytes:
    written = io.BytesIO()
    Image.fromarray(picture).save(written, "JPEG", quality=quality)
    return written.getvalue()


def again(picture: Grey, quality: int) -> Grey:
    """Encode as JPEG and decode."""
    return np.asarray(Image.open(io.BytesIO(jpeg(picture, quality))))


def turn(picture: Grey, degrees: float) -> Grey:
    height, width = picture.shape
    turned = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1)
    return to_bytes(cv2.warpAffine(picture, turned, (width, height), flags=cv2.INTER_LINEAR, borderValue=255.0))


def resize(picture: Grey, factor: float) -> Grey:
    way = cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR
    return to_bytes(cv2.resize(picture, None, fx=factor, fy=factor, interpolation=way))


def at(density: int) -> Attack:
    return lambda picture, _: resize(picture, density / DRAWN)


def crop(picture: Grey, part: float, chance: Chance) -> Grey:
    """Keep a part of the area, at a place drawn by chance."""
    side = part**0.5
    height, width = int(picture.shape[0] * side), int(picture.shape[1] * side)
    top = int(chance.uniform(0.05, 0.6) * (picture.shape[0] - height))
    left = int(chance.uniform(0, 1) * (picture.shape[1] - width))
    return picture[top : top + height, left : left + width]


def print_and_scan(picture: Grey, chance: Chance, *, density: int = 150, quality: int = 60) -> Grey:
    """Toner that spreads, paper that is not white, a feed that slips, a lamp that is uneven, and JPEG."""
    inked = cv2.GaussianBlur(picture.astype(np.float32), (0, 0), 1.3)
    height, width = inked.shape
    across, down = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    slip = 1.2 * np.sin(down / 310 + chance.uniform(0, 6)) + across * chance.normal(0, 0.001)
    inked = cv2.remap(
        inked,
        across + slip.astype(np.float32),
        down * np.float32(1 + chance.normal(0, 0.003)),
        cv2.INTER_LINEAR,
        borderValue=255.0,
    )
    lamp = 1 - 0.06 * (across / width - chance.uniform(0.2, 0.8)) ** 2
    scanned = 255 * (inked / 255) ** chance.uniform(0.8, 1.25) * 0.9 * lamp + 12
    grained = resize(turn(to_bytes(scanned), chance.uniform(-2, 2)), density / DRAWN) + chance.normal(0, 4, 1)
    return again(to_bytes(grained + chance.normal(0, 4, grained.shape)), quality)


def photograph(picture: Grey, chance: Chance) -> Grey:
    """A page held before a telephone: in perspective, unevenly lit, a little blurred, JPEG 75."""
    height, width = picture.shape
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    moved = corners * 0.62 + chance.uniform(0, 0.03, (4, 2)).astype(np.float32) * width + 60
    size = (int(width * 0.7) + 80, int(height * 0.7) + 80)
    seen = cv2.warpPerspective(
        picture,
        cv2.getPerspectiveTransform(corners, moved.astype(np.float32)),
        size,
        flags=cv2.INTER_AREA,
        borderValue=90.0,
    )
    lit = np.linspace(0.75, 1.0, size[0])[None, :] * cv2.GaussianBlur(seen.astype(np.float32), (0, 0), 1.0)
    return again(to_bytes(lit + chance.normal(0, 5, lit.shape)), 75)


def tone(gain: float, offset: float, power: float) -> Attack:
    return lambda picture, _: to_bytes(255 * (resize(picture, 0.5) / 255) ** power * gain + offset)


def trim(picture: Grey, chance: Chance) -> Grey:
    """Take up to a tenth off each side."""
    height, width = picture.shape
    top, bottom, left, right = chance.uniform(0, 0.1, 4)
    return picture[int(top * height) : int((1 - bottom) * height), int(left * width) : int((1 - right) * width)]


def cut_paragraph(picture: Grey, chance: Chance) -> Grey:
    """Keep a band of some eight lines in the upper half of a page."""
    height = picture.shape[0]
    top = int(chance.uniform(0.1, 0.4) * height)
    return picture[top : top + int(0.16 * height)]


def tilt(picture: Grey, chance: Chance) -> Grey:
    """Look at a page a little aslant: corners move by up to 2 in 100."""
    height, width = picture.shape
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    moved = (corners + chance.uniform(-0.02, 0.02, (4, 2)) * width).astype(np.float32)
    seen = cv2.getPerspectiveTransform(corners, moved)
    return to_bytes(cv2.warpPerspective(picture, seen, (width, height), flags=cv2.INTER_LINEAR, borderValue=255.0))


def grain(picture: Grey, chance: Chance) -> Grey:
    return to_bytes(picture + chance.normal(0, 8, picture.shape))


def photograph_screen(picture: Grey, chance: Chance) -> Grey:
    """A page as a telephone shows it, 720 pixels wide, saved by it as JPEG 75."""
    del chance
    return again(resize(picture, 720 / picture.shape[1]), 75)


def threshold(picture: Grey) -> Grey:
    return to_bytes((picture > 140) * 255.0)


def halved(then: Attack) -> Attack:
    """Do it to a page of 150 dots to the inch."""
    return lambda picture, chance: then(resize(picture, 0.5), chance)


#: Every treatment of a single picture, by the words of the table. They begin with the page drawn at 300 dpi.
ATTACKS: dict[str, Attack] = {
    "drawn at 100 dpi": at(100),
    "drawn at 150 dpi": at(150),
    "drawn at 200 dpi": at(200),
    "drawn at 300 dpi": at(300),
    "150 dpi, JPEG 60": halved(lambda picture, _: again(picture, 60)),
    "150 dpi, JPEG 40": halved(lambda picture, _: again(picture, 40)),
    "100 dpi, JPEG 60": lambda picture, _: again(resize(picture, 1 / 3), 60),
    "100 dpi, JPEG 40": lambda picture, _: again(resize(picture, 1 / 3), 40),
    "resampled to half (75 dpi)": halved(lambda picture, _: resize(picture, 0.5)),
    "resampled by 0.8": halved(lambda picture, _: resize(picture, 0.8)),
    "resampled by 1.2": halved(lambda picture, _: resize(picture, 1.2)),
    "resampled by 0.7, then 1.5": halved(lambda picture, _: resize(resize(picture, 0.7), 1.5)),
    "turned by 0.5 degrees": halved(lambda picture, _: turn(picture, 0.5)),
    "turned by -1 degree": halved(lambda picture, _: turn(picture, -1)),
    "turned by 2 degrees, JPEG 60": halved(lambda picture, _: again(turn(picture, 2), 60)),
    "seen a little aslant": halved(tilt),
    "noise of 8 levels": halved(grain),
    "blurred by 1.5 pixels": halved(lambda picture, _: to_bytes(cv2.GaussianBlur(picture, (0, 0), 1.5))),
    "up to a tenth off each side": halved(trim),
    "up to a tenth off each side, JPEG 60": halved(lambda picture, chance: again(trim(picture, chance), 60)),
    "cropped to half": halved(lambda picture, chance: crop(picture, 0.5, chance)),
    "cropped to a quarter": halved(lambda picture, chance: crop(picture, 0.25, chance)),
    "cropped to a tenth": halved(lambda picture, chance: crop(picture, 0.1, chance)),
    "cropped to a paragraph": halved(cut_paragraph),
    "cropped to a paragraph, JPEG 60": halved(lambda picture, chance: again(cut_paragraph(picture, chance), 60)),
    "darker, less contrast": tone(0.7, 20, 1.0),
    "gamma 0.6": tone(1.0, 0, 0.6),
    "gamma 1.8": tone(1.0, 0, 1.8),
    "shown on a telephone, 720 pixels wide": photograph_screen,
    "black and white only": halved(lambda picture, _: threshold(picture)),
    "printed, scanned at 150 dpi, JPEG 60": print_and_scan,
    "printed, scanned at 200 dpi, JPEG 75": lambda picture, chance: print_and_scan(
        picture, chance, density=200, quality=75
    ),
    "printed, scanned at 200 dpi in black and white": lambda picture, chance: threshold(
        print_and_scan(picture, chance, density=200, quality=95)
    ),
    "printed, scanned twice": lambda picture, chance: print_and_scan(
        resize(print_and_scan(picture, chance, density=200, quality=75), 1.5), chance
    ),
    "printed, scanned, cropped to half": lambda picture, chance: crop(print_and_scan(picture, chance), 0.5, chance),
    "photographed, JPEG 75": photograph,
}


def average(pictures: Sequence[Grey]) -> Grey:
    return to_bytes(np.mean(np.stack(pictures).astype(np.float32), axis=0))


def majority(pictures: Sequence[Grey]) -> Grey:
    """The middle value of each pixel; with two copies, the darker."""
    stack = np.sort(np.stack(pictures), axis=0)
    return np.ascontiguousarray(stack[(len(pictures) - 1) // 2])


def minority(pictures: Sequence[Grey]) -> Grey:
    """Of each pixel the value that lies farthest from the middle one; with two copies, the lighter."""
    stack = np.sort(np.stack(pictures).astype(np.int16), axis=0)
    middle = stack[(len(pictures) - 1) // 2]
    return to_bytes(np.where(middle - stack[0] > stack[-1] - middle, stack[0], stack[-1]))


def mix_regions(pictures: Sequence[Grey], chance: Chance, *, side: int = 96) -> Grey:
    """Each square of a page from a copy drawn by chance."""
    height, width = pictures[0].shape
    grid = chance.integers(0, len(pictures), (-(-height // side), -(-width // side)))
    which = grid.repeat(side, 0).repeat(side, 1)[:height, :width]
    return np.asarray(np.choose(which, pictures), np.uint8)
