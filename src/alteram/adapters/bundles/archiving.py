"""In a worker: whether a bundle may say that it is PDF/A-2b, and what hinders it.

It is said only where every source says it of itself or draws so plainly that it can be seen here: fonts embedded, no
colour of an unknown device, nothing that the standard forbids in what was looked at. It is looked at, not validated.
"""

import re
from collections.abc import Mapping
from typing import Any, Final
from xml.sax.saxutils import escape

from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream, String

from alteram.adapters.bundles.cleaning import UNREADABLE

_CLAIM: Final = re.compile(rb"pdfaid:part\s*(?:=\s*[\"']|>)\s*([12])")
_FOUR_COLOURS: Final = re.compile(rb"(?<![\w/.])[kK](?![\w.])|/DeviceCMYK")
_MAX_METADATA: Final = 4 << 20
_FORBIDDEN_FILTERS: Final = {"/LZWDecode", "/Crypt"}


def find_source_hindrances(pdf: Pdf) -> list[str]:
    """Return why a source does not allow an archival bundle, as far as its own word goes."""
    if _claims(pdf):
        return []
    found = set()
    for page in pdf.pages:
        try:
            for content in _contents(page.obj.get(Name.Contents)):
                if _FOUR_COLOURS.search(content.read_bytes()):
                    found.add("colours of a printer (CMYK)")
        except UNREADABLE:
            found.add("a page that cannot be read")
    return sorted(found)


def find_hindrances(pages: Mapping[tuple[str, int], Object]) -> dict[str, set[str]]:
    """Return, for each exhibit, what is drawn with that the standard forbids."""
    known: dict[tuple[int, int], frozenset[str]] = {}
    found: dict[str, set[str]] = {}
    for (exhibit, _), page in pages.items():
        form = page.Resources.XObject.P
        found.setdefault(exhibit, set()).update(_look(form, known, 0))
    return found


def describe_bundle(out: Pdf, front: Pdf, job: Mapping[str, Any], *, archival: bool) -> None:
    """Write what the bundle says of itself: its title, its language, and that it is archival where it is."""
    claim = "<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>" if archival else ""
    title = escape(job["title"])
    packet = (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">'
        f'<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>{claim}'
        '</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
    )
    metadata = Stream(out, packet.encode())
    metadata.Type, metadata.Subtype = Name.Metadata, Name.XML
    out.Root.Metadata = out.make_indirect(metadata)
    out.Root.Lang = String("en")
    out.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    out.Root.OutputIntents = Array([out.copy_foreign(front.make_indirect(front.Root.OutputIntents[0]))])
    if "/Info" in out.trailer:
        del out.trailer["/Info"]


def _claims(pdf: Pdf) -> bool:
    metadata = pdf.Root.get(Name.Metadata)
    if not isinstance(metadata, Stream):
        return False
    try:
        data = metadata.read_bytes()
    except UNREADABLE:
        return False
    return len(data) <= _MAX_METADATA and _CLAIM.search(data) is not None


def _contents(given: Any) -> list[Stream]:
    return [one for one in (given if isinstance(given, Array) else [given]) if isinstance(one, Stream)]


def _look(obj: Any, known: dict[tuple[int, int], frozenset[str]], depth: int) -> frozenset[str]:
    """Return what hinders in an object and in all that it draws with."""
    if depth > 30 or not isinstance(obj, (Dictionary, Array, Stream)):
        return frozenset()
    if not obj.is_indirect:
        return _look_inside(obj, known, depth)
    if obj.objgen not in known:
        known[obj.objgen] = frozenset()  # what leads back to itself hinders no more than it does
        known[obj.objgen] = _look_inside(obj, known, depth)
    return known[obj.objgen]


def _look_inside(obj: Object, known: dict[tuple[int, int], frozenset[str]], depth: int) -> frozenset[str]:
    found = set(_judge(obj)) if isinstance(obj, (Dictionary, Stream)) else set()
    values = list(obj) if isinstance(obj, Array) else [value for _, value in obj.items()]
    for one in values:
        if isinstance(one, Name):
            if one == Name.DeviceCMYK:
                found.add("colours of a printer (CMYK)")
        elif isinstance(one, (Dictionary, Array, Stream)):
            found |= _look(one, known, depth + 1)
    return frozenset(found)


def _judge(obj: Object) -> list[str]:
    found = []
    if obj.get(Name.Type) == Name.Font and obj.get(Name.Subtype) not in {Name.Type0, Name.Type3}:
        descriptor = obj.get(Name.FontDescriptor)
        files = (Name.FontFile, Name.FontFile2, Name.FontFile3)
        if not (isinstance(descriptor, Dictionary) and any(one in descriptor for one in files)):
            found.append(f"a font that is not embedded ({str(obj.get(Name.BaseFont, 'no name')).lstrip('/')[:60]})")
    if isinstance(obj, Stream):
        filters = obj.get(Name.Filter, Array())
        names = {str(one) for one in (filters if isinstance(filters, Array) else [filters])}
        if names & _FORBIDDEN_FILTERS:
            found.append("a compression that the standard forbids (LZW)")
        if "/JPXDecode" in names:
            found.append("pictures in JPEG 2000, which were not looked into")
        if bool(obj.get(Name.Interpolate, False)):
            found.append("pictures to be smoothed")
        if Name.OPI in obj or Name.Ref in obj or obj.get(Name.Subtype) == Name.PS:
            found.append("drawings that stand elsewhere")
    if obj.get(Name.Type) == Name.ExtGState and (Name.TR in obj or Name.TR2 in obj or Name.HTP in obj):
        found.append("transfer functions")
    return found
