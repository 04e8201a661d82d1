"""Requests of more than one part: one in JSON, the others files that are sealed as they arrive."""

from typing import Any, TypeVar

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParserError
from ninja import Schema
from pydantic import ValidationError

from alteram.api.problems import ProblemError, from_misfits, misfit
from alteram.installation.exhibit_files import MAX_AT_ONCE, SealingExhibit

Asked = TypeVar("Asked", bound=Schema)


def describe_with_file(part: str, shape: type[Schema]) -> dict[str, Any]:
    """Return the description of a body of a part in JSON and one file."""
    file = {"type": "string", "format": "binary", "maxLength": MAX_AT_ONCE}
    properties = {part: shape.model_json_schema(), "file": file}
    schema = {"type": "object", "required": [part], "properties": properties}
    content = {"schema": schema, "encoding": {part: {"contentType": "application/json"}}}
    return {"required": True, "content": {"multipart/form-data": content}}


def find_part(request: HttpRequest, name: str) -> str | None:
    """Return a part that is text, with the files taken in. Raises: ProblemError where the request cannot be read."""
    try:
        return request.POST.get(name)
    except (MultiPartParserError, SuspiciousOperation, UnicodeError) as error:
        raise ProblemError(400, "malformed") from error


def parse_part(name: str, text: str | None, shape: type[Asked]) -> Asked:
    """Return the part that is JSON in its shape. Raises: ProblemError."""
    if text is None:
        raise misfit(f"body.{name}", "missing")
    try:
        return shape.model_validate_json(text)
    except (ValidationError, RecursionError) as error:
        raise from_misfits(f"body.{name}", error if isinstance(error, ValidationError) else None) from error


def read_part_with_file(request: HttpRequest, sealing: SealingExhibit, name: str, *, larger: str) -> str:
    """Return the part that is JSON, with the one file taken in; `larger` says what to do with a larger file.

    Raises: ProblemError.
    """
    text = find_part(request, name)
    if sealing.is_too_large:
        raise ProblemError(413, "too-large", f"A file of more than {MAX_AT_ONCE // 10**6} MB is {larger}.")
    if sealing.is_more_than_one:
        raise misfit("body.file", "one file")
    if sealing.is_broken:
        raise ProblemError(400, "malformed")
    if text is None:
        raise misfit(f"body.{name}", "missing")
    return text
