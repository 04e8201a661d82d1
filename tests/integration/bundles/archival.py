"""Looks for the marks of PDF/A-2b (ISO 19005-2) that a bundle claims, over what qpdf tells of a file as JSON.

It is no validator: it looks at what is listed here, and at nothing else.
"""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ACTIONS = {
    "/JavaScript",
    "/Launch",
    "/Sound",
    "/Movie",
    "/ResetForm",
    "/ImportData",
    "/Hide",
    "/SetOCGState",
    "/Rendition",
}
#: Bits of an annotation: hidden or not seen at all; printed.
_HIDDEN, _PRINTED = 0b100011, 0b100
_FONT_FILES = ("/FontFile", "/FontFile2", "/FontFile3")


def find_hindrances(file: Path) -> set[str]:
    """Return what of the file is against PDF/A-2b, by a word for each rule."""
    told = subprocess.run(["qpdf", "--json=2", str(file)], check=True, capture_output=True).stdout
    objects: dict[str, Any] = json.loads(told)["qpdf"][1]
    trailer = objects["trailer"]["value"]
    root = _get(objects, trailer["/Root"])
    found = {"encrypted"} if "/Encrypt" in trailer else set()
    found |= set() if len(trailer.get("/ID", [])) == 2 else {"id"}
    found |= set() if re.match(rb"%PDF-1\.[4-7]\s%[\x80-\xff]{4}", file.read_bytes()[:16]) else {"header"}
    intents = [_get(objects, one) for one in _get(objects, root.get("/OutputIntents", []))]
    if not any(one.get("/S") == "/GTS_PDFA1" and "/DestOutputProfile" in one for one in intents):
        found.add("output-intent")
    metadata = _read_metadata(file, str(root.get("/Metadata", "")))
    for name, value in ((b"part", b"2"), (b"conformance", b"B")):
        if not re.search(rb"pdfaid:" + name + rb"(?:>|=[\"'])" + value, metadata):
            found.add("pdfaid")
    for one in _walk([*objects.values()]):
        found |= set(_look(objects, one))
    return found


def _look(objects: dict[str, Any], one: dict[str, Any]) -> Iterator[str]:
    if one.get("/S") in ACTIONS or "/JS" in one or "/AA" in one:
        yield "action"
    if "/EmbeddedFiles" in one or "/EF" in one:
        yield "attachment"
    if one.get("/Subtype") in {"/Type1", "/TrueType", "/CIDFontType0", "/CIDFontType2", "/MMType1"}:
        described = _get(objects, one.get("/FontDescriptor", {}))
        if one.get("/Type") == "/Font" and not any(name in described for name in _FONT_FILES):
            yield "font"
    if "/Length" in one and "/F" in one:
        yield "external"
    if "/LZWDecode" in str(one.get("/Filter", "")):
        yield "lzw"
    if one.get("/Subtype") == "/PS" or one.get("/Interpolate") is True or "/TR" in one:
        yield "drawing"
    if one.get("/Type") == "/Annot" and one.get("/Subtype") != "/Popup":
        flags = int(one.get("/F", 0))
        if flags & _HIDDEN or not flags & _PRINTED:
            yield "annotation"


def _walk(values: list[Any]) -> Iterator[dict[str, Any]]:
    while values:
        one = values.pop()
        if isinstance(one, dict):
            yield one
            values.extend(one.values())
        elif isinstance(one, list):
            values.extend(one)


def _get(objects: dict[str, Any], value: Any) -> Any:
    if not (isinstance(value, str) and value.endswith(" R")):
        return value
    found = objects[f"obj:{value}"]
    return found["value"] if "value" in found else found["stream"]["dict"]


def _read_metadata(file: Path, reference: str) -> bytes:
    if not reference:
        return b""
    order = ["qpdf", f"--show-object={reference.removesuffix(' R').replace(' ', ',')}", "--raw-stream-data", str(file)]
    return subprocess.run(order, check=True, capture_output=True).stdout
