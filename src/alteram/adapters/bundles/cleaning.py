"""In a worker: takes out of a PDF whatever acts, and keeps what is seen: filled fields, stamps, comments as drawn."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf

#: Links that are kept: a plain address, nothing that a browser runs.
_PLAIN_LINK: Final = re.compile(rb"(?:https?://|mailto:)[\x21-\x7e]{1,2000}")
#: Whatever acts, or holds what is not drawn. None of it is reached from a page of ours; it goes all the same.
_ACTING: Final = frozenset(
    (
        "/JavaScript",
        "/Launch",
        "/SubmitForm",
        "/ImportData",
        "/ResetForm",
        "/GoToE",
        "/GoToR",
        "/Rendition",
        "/Movie",
        "/Sound",
        "/RichMediaExecute",
        "/SetOCGState",
        "/Hide",
        "/Named",
        "/Thread",
        "/Trans",
        "/GoTo3DView",
    )
)
_OF_STREAMS: Final = (
    "/PieceInfo",
    "/OPI",
    "/Metadata",
    "/AF",
    "/Ref",
    "/Alternates",
    "/StructParent",
    "/StructParents",
)
_ELSEWHERE: Final = ("/F", "/FFilter", "/FDecodeParms")
_SUSPECT: Final = re.compile(
    rb"/(?:JavaScript|JS|Launch|SubmitForm|ImportData|ResetForm|GoTo[ER]|Rendition|Movie|Sound|RichMedia|SetOCGState|"
    rb"EmbeddedFile|Filespec|EF|PieceInfo|OPI|Metadata|AF|AA|Ref|Alternates|StructParents?|F|FFilter|PS|"
    rb"Hide|Named|Thread|Trans|GoTo3DView|OC)\b|#"
)
#: What pikepdf raises for what is in a file.
UNREADABLE: Final = (
    *(pikepdf.PdfError, pikepdf.PasswordError, pikepdf.DataDecodingError, pikepdf.ForeignObjectError),
    *(ValueError, TypeError, KeyError, AttributeError, RuntimeError, NotImplementedError),
)
_MAX_LINKS: Final = 2_000
_DEPTH: Final = 40


def flatten(pdf: Pdf) -> list[str]:
    """Draw what lies on the pages of a source (fields, stamps, comments) into them; return what cannot be seen."""
    notes: list[str] = []
    laid, told = False, 0
    for page in pdf.pages:
        for one in _annotations(page):
            subtype = one.get(Name.Subtype)
            laid |= subtype != Name.Link
            told += subtype != Name.Widget and Name.Contents in one and len(str(one.Contents)) > 0
    form = pdf.Root.get(Name.AcroForm)
    if isinstance(form, Dictionary) and Name.XFA in form:
        notes.append("The file holds a form of a kind (XFA) that is not shown.")
    if not laid:
        return notes
    if told:
        notes.append(f"The file holds {told} comments whose words may not be seen on its pages.")
    try:
        pdf.generate_appearance_streams()
        pdf.flatten_annotations("all")
    except UNREADABLE:
        notes.append("What lies on the pages (fields, comments) could not be drawn.")
    return notes


def find_links(page: pikepdf.Page, numbers: Mapping[tuple[int, int], int]) -> Iterator[tuple[list[float], bytes | int]]:
    """Yield the plain links of a page: where they are, and the address or the page they lead to, by `numbers`."""
    for one in _annotations(page):
        if one.get(Name.Subtype) != Name.Link:
            continue
        rectangle = _numbers(one.get(Name.Rect))
        action = one.get(Name.A)
        goal = one.get(Name.Dest)
        if isinstance(action, Dictionary):
            address = action.get(Name.URI) if action.get(Name.S) == Name.URI else None
            if rectangle and isinstance(address, pikepdf.String) and _PLAIN_LINK.fullmatch(bytes(address)):
                yield rectangle, bytes(address)
                continue
            goal = action.get(Name.D) if action.get(Name.S) == Name.GoTo else None
        if rectangle and isinstance(goal, Array) and len(goal) and isinstance(goal[0], Dictionary):
            target = numbers.get(goal[0].objgen)
            if target is not None:
                yield rectangle, target


def clean(out: Pdf) -> None:
    """Empty whatever acts in a bundle, and take what is not drawn off its streams."""
    for obj in out.objects:
        if isinstance(obj, pikepdf.Stream):
            _clean_stream(obj)
        elif isinstance(obj, (Dictionary, Array)) and _SUSPECT.search(obj.unparse(resolved=True)):
            _clean_value(obj, 0)


def _clean_stream(stream: Object) -> None:
    if not _SUSPECT.search(stream.stream_dict.unparse(resolved=True)):
        return
    if stream.get(Name.Type) == Name.EmbeddedFile or stream.get(Name.Subtype) == Name.PS or Name.F in stream:
        stream.write(b"")
        for key in list(stream.keys()):
            if key != "/Length":
                del stream[key]
        return
    for key in (*_OF_STREAMS, *_ELSEWHERE):
        if key in stream:
            del stream[key]
    for value in stream.values():
        _clean_value(value, 0)


def _clean_value(value: Any, depth: int) -> None:
    if depth > _DEPTH or isinstance(value, pikepdf.Stream):
        return
    if isinstance(value, Dictionary):
        if _acts(value):
            for key in list(value.keys()):
                del value[key]
            return
        for one in value.values():
            if not getattr(one, "is_indirect", False):
                _clean_value(one, depth + 1)
    elif isinstance(value, Array):
        for one in value:
            if not getattr(one, "is_indirect", False):
                _clean_value(one, depth + 1)


def _acts(value: Object) -> bool:
    kind = value.get(Name.S)
    return (
        (isinstance(kind, Name) and str(kind) in _ACTING)
        or isinstance(value.get(Name.JS), (pikepdf.String, pikepdf.Stream))
        or value.get(Name.Type) in {Name.Filespec, Name.F}
        or isinstance(value.get(Name.EF), Dictionary)
    )


def _annotations(page: pikepdf.Page) -> Iterator[Object]:
    given = page.obj.get(Name.Annots)
    if isinstance(given, Array):
        for index, one in enumerate(given):
            if index >= _MAX_LINKS:
                return
            if isinstance(one, Dictionary):
                yield one


def _numbers(value: Any) -> list[float]:
    try:
        numbers = [float(one) for one in value]
    except (TypeError, ValueError):
        return []
    return numbers if len(numbers) == 4 and all(abs(one) < 1e6 for one in numbers) else []
