"""PDFs made for tests: plain ones, and ones with everything in them that acts."""

import io
from collections.abc import Sequence
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, String

A4 = (595, 842)


def make_pdf(texts: Sequence[str], *, size: tuple[float, float] = A4, rotate: int = 0) -> Pdf:
    """Return a PDF with a page for each text; lines are parted by line feeds."""
    pdf = pikepdf.new()
    font = pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
    for text in texts:
        content = b"BT /F1 14 Tf 50 %d Td 18 TL " % (int(size[1]) - 60)
        content += b" ".join(b"(%s) Tj T*" % escape(line) for line in text.split("\n")) + b" ET"
        page = Dictionary(
            Type=Name.Page,
            MediaBox=Array([0, 0, *size]),
            Rotate=rotate,
            Resources=Dictionary(Font=Dictionary(F1=font)),
            Contents=pdf.make_stream(content),
        )
        pdf.pages.append(pikepdf.Page(pdf.make_indirect(page)))
    return pdf


def escape(line: str) -> bytes:
    """Return a line as it stands between the brackets of a PDF's string."""
    return line.encode("latin-1", "replace").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


def save(pdf: Pdf, **how: object) -> bytes:
    """Return a PDF as bytes."""
    out = io.BytesIO()
    pdf.save(out, **how)  # type: ignore[arg-type] # what pikepdf takes, each of its own type
    return out.getvalue()


def add_annotation(pdf: Pdf, page: int, **entries: Any) -> Object:
    """Put an annotation onto a page."""
    obj = pdf.pages[page].obj
    made = pdf.make_indirect(Dictionary(Type=Name.Annot, **entries))
    obj.Annots = Array([*obj.get(Name.Annots, ()), made])
    return made


def make_appearance(pdf: Pdf, text: str) -> Object:
    """Return a drawing that shows a text, for what lies on a page."""
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    form = pdf.make_stream(b"BT /F1 12 Tf 2 4 Td (%s) Tj ET" % escape(text))
    form.Type, form.Subtype, form.BBox = Name.XObject, Name.Form, Array([0, 0, 200, 20])
    form.Resources = Dictionary(Font=Dictionary(F1=font))
    return form


def make_active() -> bytes:
    """Return a PDF with every kind of thing that acts, and a filled field, a stamp and links that do not."""
    pdf = make_pdf(["What was decided on Monday", "Second page"])
    script = Dictionary(S=Name.JavaScript, JS=String("app.alert('acting')"))
    pdf.Root.OpenAction = script
    pdf.Root.AA = Dictionary(WC=script)
    pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("a"), script])))
    pdf.attachments["acting.exe"] = b"MZ acting"
    pdf.pages[0].obj.AA = Dictionary(O=Dictionary(S=Name.Launch, F=String("acting.exe")))
    form = make_appearance(pdf, "Filled in by hand")
    field = add_annotation(
        pdf,
        0,
        Subtype=Name.Widget,
        FT=Name.Tx,
        T=String("said"),
        V=String("Filled in by hand"),
        F=4,
        Rect=Array([50, 600, 250, 620]),
        AP=Dictionary(N=form),
        AA=Dictionary(K=script),
    )
    pdf.Root.AcroForm = Dictionary(Fields=Array([field]))
    rect = Array([50, 500, 250, 520])
    add_annotation(
        pdf,
        0,
        Subtype=Name.Stamp,
        Rect=rect,
        F=4,
        Contents=String("x"),
        AP=Dictionary(N=make_appearance(pdf, "RECEIVED")),
    )
    for address in ("https://example.org/minutes", "javascript:acting()", "file:///acting"):
        add_annotation(pdf, 0, Subtype=Name.Link, Rect=rect, A=Dictionary(S=Name.URI, URI=String(address)))
    for kind in (Name.Launch, Name.SubmitForm, Name.GoToR, Name.JavaScript, Name.Movie, Name.RichMediaExecute):
        action = Dictionary(S=kind, F=String("acting"), JS=String("acting()"))
        add_annotation(pdf, 0, Subtype=Name.Link, Rect=rect, A=action)
    add_annotation(pdf, 0, Subtype=Name.Link, Rect=rect, Dest=Array([pdf.pages[1].obj, Name.Fit]))
    pdf.pages[1].obj.Resources.XObject = Dictionary(
        E=_external(pdf), P=_postscript(pdf), I=_with_private_data(pdf), J=pdf.make_stream(b"", Type=Name.XObject)
    )
    pdf.pages[1].obj.Resources.Properties = Dictionary(M=script, N=pdf.make_indirect(script))
    return save(pdf)


def _external(pdf: Pdf) -> Object:
    made = pdf.make_stream(b"", Type=Name.XObject, Subtype=Name.Image, Width=1, Height=1, BitsPerComponent=8)
    made.F = String("//acting/share")
    return made


def _postscript(pdf: Pdf) -> Object:
    return pdf.make_stream(b"(acting) run", Type=Name.XObject, Subtype=Name.PS)


def _with_private_data(pdf: Pdf) -> Object:
    made = make_appearance(pdf, "plain")
    made.PieceInfo = Dictionary(Acting=Dictionary(Private=String("acting")))
    made.AF = Array([Dictionary(Type=Name.Filespec, F=String("acting"))])
    return made
