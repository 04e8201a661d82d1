"""Ways to redact badly, and to hide text in a PDF, each as a file; made by pikepdf, typst and by hand."""

import base64
import io
import zlib
from collections.abc import Callable
from typing import Any

import pikepdf
import typst
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from tests.pdf_sources import add_annotation, make_appearance, make_pdf, save

SECRET = "Wintergreen"
LINE = f"It was {SECRET} who said so"
#: Where the line stands on a page of A4, in ten-thousandths.
BOX = (800, 550, 6000, 800)

Way = tuple[str, str, Callable[[], bytes]]
WAYS: list[Way] = []


def way(name: str, place: str) -> Callable[[Callable[[], bytes]], Callable[[], bytes]]:
    """Keep a way, with the place where it must be found."""

    def keep(make: Callable[[], bytes]) -> Callable[[], bytes]:
        WAYS.append((name, place, make))
        return make

    return keep


def clean() -> Pdf:
    """Return a PDF of one page in which the secret is not."""
    return make_pdf(["Nothing is here"])


def drawn(content: bytes, **entries: Any) -> bytes:
    """Return a page that draws this, with the font F1."""
    pdf = clean()
    page = pdf.pages[0].obj
    page.Contents = pdf.make_stream(content)
    for key, value in entries.items():
        page[f"/{key}"] = value
    return save(pdf)


SAID = b"BT /F1 14 Tf 50 782 Td (" + LINE.encode() + b") Tj ET "
COVER = b"0 g 40 770 400 30 re f "


@way("nothing was done", "text that can be selected")
def unredacted() -> bytes:
    return save(make_pdf([LINE]))


@way("a black box is drawn over it", "text that is drawn")
def covered() -> bytes:
    return drawn(SAID + COVER)


@way("a black note lies over it", "text that is drawn")
def covered_by_note() -> bytes:
    pdf = make_pdf([LINE])
    add_annotation(pdf, 0, Subtype=Name.Square, Rect=Array([40, 770, 440, 800]), IC=Array([0, 0, 0]))
    return save(pdf)


@way("it is marked to be redacted, and was not", "text that can be selected")
def marked() -> bytes:
    pdf = make_pdf([LINE])
    add_annotation(pdf, 0, Subtype=Name.Redact, Rect=Array([40, 770, 440, 800]))
    return save(pdf)


@way("white on white", "text that is drawn")
def white() -> bytes:
    return drawn(b"1 g " + SAID)


@way("unseen text", "text that is drawn")
def unseen() -> bytes:
    return drawn(b"BT 3 Tr /F1 14 Tf 50 782 Td (" + LINE.encode() + b") Tj ET")


@way("clipped away", "text that is drawn")
def clipped() -> bytes:
    return drawn(b"q 0 0 1 1 re W n " + SAID + b"Q")


@way("off the page", "text that is drawn")
def off_the_page() -> bytes:
    return drawn(b"BT /F1 14 Tf 5000 5000 Td (" + LINE.encode() + b") Tj ET")


@way("outside the part that is shown", "text that is drawn")
def cropped() -> bytes:
    return drawn(SAID, CropBox=Array([0, 0, 595, 400]))


@way("letter by letter", "text that is drawn")
def letter_by_letter() -> bytes:
    return drawn(b"BT /F1 14 Tf 50 782 Td " + b" ".join(b"(%c) Tj 9 0 Td" % one for one in LINE.encode()) + b" ET")


@way("pushed apart", "text that is drawn")
def pushed_apart() -> bytes:
    return drawn(b"BT /F1 14 Tf 50 782 Td [" + b" ".join(b"(%c) -90" % one for one in LINE.encode()) + b"] TJ ET")


@way("backwards", "text that is drawn")
def backwards() -> bytes:
    return drawn(b"BT /F1 14 Tf 50 782 Td (" + LINE[::-1].encode() + b") Tj ET")


@way("in a layer that is off", "text that is drawn")
def in_a_layer() -> bytes:
    pdf = clean()
    layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("notes")))
    pdf.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary(OFF=Array([layer])))
    page = pdf.pages[0].obj
    page.Resources.Properties = Dictionary(L=layer)
    page.Contents = pdf.make_stream(b"/OC /L BDC " + SAID + b"EMC")
    return save(pdf)


@way("the name of a layer", "layer")
def layer_name() -> bytes:
    pdf = clean()
    layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String(SECRET)))
    pdf.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary())
    return save(pdf)


@way("a font that says other letters than it shows", "text that is drawn")
def by_table() -> bytes:
    pdf = clean()
    codes = "".join(f"<{index + 1:02X}> <{ord(one):04X}>\n" for index, one in enumerate(SECRET))
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    ranges = "1 begincodespacerange <00> <FF> endcodespacerange"
    font.ToUnicode = pdf.make_stream(f"{ranges} {len(SECRET)} beginbfchar\n{codes}endbfchar".encode())
    pdf.pages[0].obj.Resources.Font.F1 = font
    shown = bytes(range(1, len(SECRET) + 1)).hex().encode()
    pdf.pages[0].obj.Contents = pdf.make_stream(b"BT /F1 14 Tf 50 782 Td <" + shown + b"> Tj ET")
    return save(pdf)


@way("letters by the names of glyphs", "text that is drawn")
def by_glyph_names() -> bytes:
    pdf = clean()
    names = Array([1, *(Name(f"/{one}") for one in SECRET)])
    pdf.pages[0].obj.Resources.Font.F1.Encoding = Dictionary(Type=Name.Encoding, Differences=names)
    shown = bytes(range(1, len(SECRET) + 1)).hex().encode()
    pdf.pages[0].obj.Contents = pdf.make_stream(b"BT /F1 14 Tf 50 782 Td <" + shown + b"> Tj ET")
    return save(pdf)


@way("in a drawing within a drawing", "text that is drawn")
def nested() -> bytes:
    pdf = clean()
    inner = make_appearance(pdf, LINE)
    outer = pdf.make_stream(b"/I Do", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 9, 9]))
    outer.Resources = Dictionary(XObject=Dictionary(I=inner))
    pdf.pages[0].obj.Resources.XObject = Dictionary(O=outer)
    return save(pdf)


@way("text in place of what is drawn", "text in place of what is drawn")
def actual_text() -> bytes:
    return drawn(b"/Span <</ActualText (" + SECRET.encode() + b")>> BDC 0 g EMC")


def keyed(change: Callable[[Pdf], object]) -> bytes:
    """Return the clean file with a change."""
    pdf = clean()
    change(pdf)
    return save(pdf)


@way("the title of the file", "document information")
def title() -> bytes:
    pdf = clean()
    pdf.docinfo["/Title"] = f"Statement of {SECRET}"
    return save(pdf)


@way("the title in UTF-16", "document information")
def title_in_utf16() -> bytes:
    pdf = clean()
    pdf.docinfo["/Title"] = String(f"Statement of {SECRET} \u2014 \u0416")
    return save(pdf)


@way("metadata", "metadata (XMP)")
def metadata() -> bytes:
    pdf = clean()
    with pdf.open_metadata() as told:
        told["dc:creator"] = [SECRET]
    return save(pdf)


@way("a bookmark", "bookmark")
def bookmark() -> bytes:
    pdf = clean()
    with pdf.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem(f"What {SECRET} said", 0))
    return save(pdf)


@way("the label of a page", "page label")
def page_label() -> bytes:
    pdf = clean()
    pdf.Root.PageLabels = Dictionary(Nums=Array([0, Dictionary(P=String(SECRET))]))
    return save(pdf)


@way("a hidden note", "annotation")
def hidden_note() -> bytes:
    pdf = clean()
    add_annotation(pdf, 0, Subtype=Name.Text, Rect=Array([0, 0, 1, 1]), F=2, Contents=String(LINE))
    return save(pdf)


@way("where a link leads", "annotation")
def link() -> bytes:
    pdf = clean()
    action = Dictionary(S=Name.URI, URI=String(f"https://example.org/{SECRET}"))
    add_annotation(pdf, 0, Subtype=Name.Link, Rect=Array([0, 0, 1, 1]), A=action)
    return save(pdf)


@way("the value of a field", "form field")
def field() -> bytes:
    pdf = clean()
    one = pdf.make_indirect(Dictionary(FT=Name.Tx, T=String("who"), V=String(SECRET)))
    pdf.Root.AcroForm = Dictionary(Fields=Array([one]))
    return save(pdf)


@way("an attached file", "attachment")
def attachment() -> bytes:
    pdf = clean()
    pdf.attachments["a.txt"] = LINE.encode()
    return save(pdf)


@way("the name of an attached file", "attachment")
def attachment_name() -> bytes:
    pdf = clean()
    pdf.attachments[f"{SECRET}.txt"] = b"x"
    return save(pdf)


@way("a script", "script")
def script() -> bytes:
    pdf = clean()
    run = Dictionary(S=Name.JavaScript, JS=pdf.make_stream(f"var who = '{SECRET}'".encode()))
    pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("a"), run])))
    return save(pdf)


@way("the name of a place", "name tree")
def named_place() -> bytes:
    pdf = clean()
    where = Array([pdf.pages[0].obj, Name.Fit])
    pdf.Root.Names = Dictionary(Dests=Dictionary(Names=Array([String(SECRET), where])))
    return save(pdf)


@way("what a picture is described as", "structure tree")
def described() -> bytes:
    pdf = clean()
    one = Dictionary(Type=Name.StructElem, S=Name.Figure, Alt=String(f"A photograph of {SECRET}"))
    pdf.Root.StructTreeRoot = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot, K=pdf.make_indirect(one)))
    return save(pdf)


@way("a program's private data", "private data")
def private_data() -> bytes:
    return keyed(lambda pdf: pdf.Root.__setattr__("PieceInfo", Dictionary(Editor=Dictionary(Private=String(LINE)))))


@way("a name of an object", "name in")
def as_name() -> bytes:
    return keyed(lambda pdf: pdf.Root.__setattr__("Extra", Name(f"/{SECRET}")))


@way("in base64", "bytes")
def in_base64() -> bytes:
    coded = base64.b64encode(b"x" + LINE.encode())
    return keyed(lambda pdf: pdf.Root.__setattr__("Extra", pdf.make_stream(coded)))


@way("as hexadecimal digits", "catalogue")
def as_digits() -> bytes:
    return keyed(lambda pdf: pdf.Root.__setattr__("Extra", pdf.make_stream(LINE.encode().hex().encode())))


def append(data: bytes, number: int, body: bytes) -> bytes:
    """Return a file with an update that puts an object, in place of one of that number or beside all others."""
    before = int(data.rsplit(b"startxref", 1)[1].split()[0])
    at = len(data)
    root = data.rsplit(b"/Root ", 1)[1].split(b"R", 1)[0]
    made = b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"xref\n%d 1\n%010d 00000 n \n" % (number, at)
    trailer = b"trailer << /Size 99 /Root %sR /Prev %d >>\nstartxref\n%d\n%%%%EOF\n" % (root, before, at + len(made))
    return data + made + table + trailer


@way("an earlier state of the file", ", in state 1 of the file")
def earlier_state() -> bytes:
    pdf = make_pdf([LINE])
    data = save(pdf, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    with Pdf.open(io.BytesIO(data)) as saved:
        number = saved.pages[0].obj.Contents.objgen[0]
    return append(data, number, b"<< /Length 0 >>\nstream\n\nendstream")


@way("an object that nothing leads to", "object that nothing leads to")
def left_over() -> bytes:
    data = save(clean(), object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return append(data, 98, b"<< /Note (" + LINE.encode() + b") >>")


@way("a packed stream that nothing knows of", "stream in the bytes of the file")
def unknown_stream() -> bytes:
    packed = zlib.compress(LINE.encode())
    data = save(clean())
    head, _, rest = data.partition(b"1 0 obj")
    return head + b"97 0 obj << >>\nstream\n" + packed + b"\nendstream endobj\n1 0 obj" + rest


@way("after the end", "bytes")
def after_the_end() -> bytes:
    return save(clean()) + LINE.encode()


@way("a remark between objects", "bytes between the objects")
def remark() -> bytes:
    head, _, rest = save(clean()).partition(b"1 0 obj")
    return head + b"% " + LINE.encode() + b"\n1 0 obj" + rest


def picture(text: str = LINE) -> Image.Image:
    """Return a picture of a page with a line of text."""
    made = Image.new("L", (1654, 2339), 255)
    font = ImageFont.load_default(40)
    ImageDraw.Draw(made).text((140, 140), text, fill=0, font=font)
    return made


def with_picture(data: bytes, extra: bytes = b"", size: tuple[int, int] = (1654, 2339)) -> Pdf:
    """Return a page of one JPEG."""
    pdf = clean()
    image = Stream(pdf, data, Type=Name.XObject, Subtype=Name.Image, Filter=Name.DCTDecode, BitsPerComponent=8)
    image.Width, image.Height, image.ColorSpace = *size, Name.DeviceGray
    page = pdf.pages[0].obj
    page.Resources = Dictionary(XObject=Dictionary(P=image))
    page.Contents = pdf.make_stream(b"q 595 0 0 842 0 0 cm /P Do Q " + extra)
    return pdf


def jpeg(made: Image.Image, **more: Any) -> bytes:
    """Return a picture as JPEG."""
    out = io.BytesIO()
    made.save(out, "JPEG", quality=85, **more)
    return out.getvalue()


@way("a remark in a picture", "of a picture")
def picture_remark() -> bytes:
    return save(with_picture(jpeg(Image.new("L", (99, 99)), comment=LINE.encode()), size=(99, 99)))


@way("a camera's note", "camera note (EXIF)")
def camera_note() -> bytes:
    facts = Image.Exif()
    facts[0x013B] = SECRET
    return save(with_picture(jpeg(Image.new("L", (99, 99)), exif=facts), size=(99, 99)))


@way("a colour profile", "icc_profile note")
def colour_profile() -> bytes:
    profile = b"\0" * 40 + SECRET.encode("utf-16-be") + b"\0" * 40
    return save(with_picture(jpeg(Image.new("L", (99, 99)), icc_profile=profile), size=(99, 99)))


@way("after the end of a picture", "what follows the end of a picture")
def after_a_picture() -> bytes:
    return save(with_picture(jpeg(Image.new("L", (99, 99))) + LINE.encode(), size=(99, 99)))


#: Ways that only reading pictures finds.
SEEN: list[Way] = []


def _seen(name: str, place: str, make: Callable[[], bytes]) -> None:
    SEEN.append((name, place, make))


def _thumbnail() -> bytes:
    pdf = clean()
    image = Stream(pdf, jpeg(picture()), Type=Name.XObject, Subtype=Name.Image, Filter=Name.DCTDecode)
    image.Width, image.Height, image.ColorSpace, image.BitsPerComponent = 1654, 2339, Name.DeviceGray, 8
    pdf.pages[0].obj.Thumb = image
    return save(pdf)


_seen("a picture of it", "what is seen", lambda: save(with_picture(jpeg(picture()))))
_seen("a picture under a black box", "picture in the file", lambda: save(with_picture(jpeg(picture()), COVER)))
_seen("a thumbnail", "picture in the file", _thumbnail)


def typeset(source: str) -> bytes:
    """Return what typst makes of a text."""
    made = typst.compile(source.encode(), format="pdf")
    assert isinstance(made, bytes)
    return made


@way("typst: a box placed over it", "text that is drawn")
def typeset_and_covered() -> bytes:
    return typeset(f"#place(rect(width: 100%, height: 2em, fill: black)); {LINE}")


@way("typst: described", "structure tree")
def typeset_and_described() -> bytes:
    return typeset(f'#set document(title: "x")\n#figure(rect(), alt: "{SECRET}", caption: [x])')


#: Ways without a word that is looked for: only the shape tells. Each is a change to a sound page's picture.
def pixelated() -> Image.Image:
    """Return a page whose line is made coarse in place of black."""
    made = picture()
    box = tuple(one * size // 10_000 for one, size in zip(BOX, (*made.size, *made.size), strict=True))
    part = made.crop((box[0], box[1], box[2], box[3]))
    coarse = part.resize((part.width // 12, part.height // 12)).resize(part.size, Image.Resampling.NEAREST)
    made.paste(coarse, (box[0], box[1]))
    return made


def blurred() -> Image.Image:
    """Return a page whose line is blurred."""
    return picture().filter(ImageFilter.GaussianBlur(12))


def nearly_black() -> Image.Image:
    """Return a page whose line stands on black in a black that is not quite."""
    made = Image.new("L", (1654, 2339), 255)
    draw = ImageDraw.Draw(made)
    draw.rectangle((100, 100, 1100, 220), fill=0)
    draw.text((140, 140), LINE, fill=14, font=ImageFont.load_default(40))
    return made
