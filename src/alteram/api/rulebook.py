"""The rules: a version in its executable form or as it was written, all versions, what changed, and amending them."""

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from alteram.api import shapes
from alteram.api.calling import BearerToken, MatterName, Org, get_calling
from alteram.api.files import send
from alteram.api.once import Key, answer_once
from alteram.api.problems import ProblemError, misfit
from alteram.api.proposals import answer_recorded
from alteram.api.shapes import called
from alteram.bootstrap.rulebooks import find_source, keep_source, read_packs, read_rulebook
from alteram.core.kernel.errors import AlteramError
from alteram.core.kernel.identifiers import ORGANISATION_STREAM
from alteram.core.rules import Rulebook, build_digest, encode_rulebook
from alteram.operations.rulebook_versions import (
    Amendment,
    Compared,
    agree_to_amendment,
    compare_versions,
    count_governed,
    get_version,
    prepare_amendment,
)
from alteram.operations.rulebooks import adopt_rulebook

router = Router(tags=["rulebook"], auth=BearerToken("read"))
_LONGEST = 1 << 20
_FILE = {
    "content": {
        "application/yaml": {"schema": {}},
        "application/json": {"schema": {"type": "object"}},
    }
}

Version = Annotated[
    str, Query(pattern="^([0-9a-f]{64})?$", description="A version by its digest; else the one in force.")
]


class RuleVersion(Schema):
    """A version as it was adopted, and how many matters it governs; by name those in which the asker has a part."""

    digest: str = called("version.digest")
    version: str = called("version.version")
    adopted_at: datetime = called("version.adopted_at")
    entry: int = called("version.seq")
    in_force: bool = called("version.in_force")
    governs: int = called("count")
    mine: list[str]


class RuleVersions(Schema):
    """The versions, the one in force first. `is_complete` is false where not every matter was looked through."""

    versions: list[RuleVersion]
    is_complete: bool


class Difference(Schema):
    """One thing that was added (`old` is null), removed (`new` is null) or changed."""

    part: str
    name: str
    old: dict[str, Any] | None
    new: dict[str, Any] | None

    @staticmethod
    def resolve_old(one: Any) -> Any:
        """Return what it was."""
        return None if one.old is None else msgspec.to_builtins(one.old)

    @staticmethod
    def resolve_new(one: Any) -> Any:
        """Return what it is."""
        return None if one.new is None else msgspec.to_builtins(one.new)


class Right(Schema):
    """What one change means: a right of `people` that `shrinks` or `grows`, or what only `changes`."""

    effect: Literal["shrinks", "grows", "changes"]
    people: list[str]
    part: str
    name: str
    told: str
    clause: str


class Differences(Schema):
    """What changed from one version to another, and what it means. `has_moved`: title, jurisdiction, calendar."""

    differences: list[Difference]
    has_moved: bool
    rights: list[Right] = called("meanings")


class Wording(shapes.Asked):
    """A rulebook as people write it (YAML)."""

    text: Annotated[str, Field(max_length=_LONGEST)]


class LookedAt(Wording):
    """A rulebook that was looked at: it is done to just the version with this digest, and to no other."""

    digest: shapes.DigestHex


class AmendmentTold(Schema):
    """What adopting a version would change, who must agree to it before, and who did."""

    digest: str
    compared: Differences
    needs: list[str]
    may_adopt: bool
    may_agree: bool
    agreed_by: list[str]
    is_in_force: bool


@router.get("/{org}/rulebook", response=shapes.Rulebook, operation_id="show_rulebook", summary="The rules")
def show_rulebook(request: HttpRequest, org: Org, version: Version = "") -> shapes.Rulebook:
    """Return a version of the rulebook, the one in force unless another is named, in its executable form."""
    del org
    calling = get_calling(request)
    return _describe(get_version(calling.asking.organisation, calling.person, version)[1])


@router.get(
    "/{org}/rulebook/file",
    operation_id="get_rulebook_file",
    summary="The rules as they were written",
    openapi_extra={"responses": {200: _FILE}},
)
def get_rulebook_file(request: HttpRequest, org: Org, version: Version = "") -> HttpResponse:
    """Return a version as it was written where that is kept (YAML), else in its canonical form (JSON)."""
    del org
    calling = get_calling(request)
    found, rulebook = get_version(calling.asking.organisation, calling.person, version)
    source = find_source(calling.asking.opened.folder, found.digest)
    name = f"{rulebook.id}-{found.digest[:12]}"
    if source is None:
        return send(f"{name}.json", encode_rulebook(rulebook), "application/json")
    return send(f"{name}.yaml", source, "application/yaml")


@router.get(
    "/{org}/rulebook/versions", response=RuleVersions, operation_id="list_versions", summary="Versions of the rules"
)
def list_versions(request: HttpRequest, org: Org) -> shapes.Answer:
    """List the versions that were adopted, and what each governs."""
    del org
    calling = get_calling(request)
    governed, is_complete = count_governed(calling.asking.organisation, calling.person)
    return {"versions": governed, "is_complete": is_complete}


@router.get("/{org}/rulebook/changes", response=Differences, operation_id="compare_versions", summary="What changed")
def compare(
    request: HttpRequest,
    org: Org,
    old: Annotated[shapes.DigestHex, Query(description="The digest of the earlier version.")],
    new: Annotated[shapes.DigestHex, Query(description="The digest of the later version.")],
) -> Compared:
    """Tell what changed from one version to another."""
    del org
    calling = get_calling(request)
    return compare_versions(calling.asking.organisation, calling.person, old, new)


@router.post(
    "/{org}/rulebook/amendment",
    response=AmendmentTold,
    operation_id="prepare_amendment",
    summary="Look at a new version",
)
def prepare(request: HttpRequest, org: Org, wording: Wording) -> Amendment:
    """Read a new version of the rules and tell what it would change and need. Nothing is recorded."""
    del org
    calling = get_calling(request)
    get_version(calling.asking.organisation, calling.person)
    return prepare_amendment(calling.asking.organisation, _read(wording.text), calling.person)


@router.post(
    "/{org}/rulebook/amendment/agree",
    response={201: shapes.Recorded},
    auth=BearerToken("rulebook"),
    operation_id="agree_to_amendment",
    summary="Agree to a new version",
)
def agree(request: HttpRequest, org: Org, version: LookedAt, key: Key = None) -> HttpResponse:
    """Agree, as the second of two, that just this version is adopted. Needs the scopes `rulebook` and `grave`."""
    del org, key
    calling = get_calling(request)
    calling.need("grave")
    get_version(calling.asking.organisation, calling.person)
    digest = build_digest(encode_rulebook(_read_looked_at(version)))

    def do() -> HttpResponse:
        return answer_recorded(
            ORGANISATION_STREAM, agree_to_amendment(calling.asking.organisation, digest, calling.person)
        )

    return answer_once(request, calling.bearer, do)


@router.post(
    "/{org}/rulebook/amendment/adopt",
    response={201: shapes.Recorded},
    auth=BearerToken("rulebook"),
    operation_id="adopt_amendment",
    summary="Adopt a new version",
)
def adopt(request: HttpRequest, org: Org, version: LookedAt, key: Key = None) -> HttpResponse:
    """Adopt a version: it governs from now on. Needs the scopes `rulebook` and `grave`."""
    del org, key
    calling = get_calling(request)
    calling.need("grave")
    organisation = calling.asking.organisation
    get_version(organisation, calling.person)
    rulebook = _read_looked_at(version)

    def do() -> HttpResponse:
        done = adopt_rulebook(organisation, rulebook, calling.person, packs=read_packs(rulebook))
        if done:
            keep_source(calling.asking.opened.folder, rulebook, version.text.encode())
        return answer_recorded(ORGANISATION_STREAM, done)

    return answer_once(request, calling.bearer, do)


@router.get(
    "/{org}/matters/{matter}/rulebook",
    response=shapes.Rulebook,
    operation_id="show_governing_rulebook",
    summary="The rules that govern a matter",
)
def show_governing_rulebook(request: HttpRequest, org: Org, matter: MatterName) -> shapes.Rulebook:
    """Return the version of the rulebook that governs a matter."""
    del org
    calling = get_calling(request)
    return _describe(calling.enter(matter).rulebook)


def _read(text: str) -> Rulebook:
    try:
        rulebook = read_rulebook(text.encode("utf-8", "replace"), "rulebook.yaml")
        read_packs(rulebook)
    except AlteramError as error:
        raise misfit("body.text", f"{error.problem} {error.remedy}") from error
    return rulebook


def _read_looked_at(version: LookedAt) -> Rulebook:
    rulebook = _read(version.text)
    if build_digest(encode_rulebook(rulebook)) != version.digest:
        raise ProblemError(409, "changed")
    return rulebook


def _describe(rulebook: Rulebook) -> shapes.Rulebook:
    canonical = encode_rulebook(rulebook)
    return shapes.Rulebook(digest=build_digest(canonical), rulebook=msgspec.json.decode(canonical))
