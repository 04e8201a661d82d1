"""What was made of an exhibit, such as a translation: a file that is sent, or made by the programs here."""

from hashlib import sha256
from typing import Annotated, Any, Final, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field

from alteram.adapters.bundles.workers import BundleError
from alteram.api import shapes
from alteram.api.calling import BearerToken, MatterName, Org, get_calling
from alteram.api.once import Key, answer_once
from alteram.api.parts import describe_with_file, parse_part, read_part_with_file
from alteram.api.problems import ProblemError, busy, misfit
from alteram.api.proposals import answer_recorded, build_act, get_spec, need_scopes, refuse
from alteram.core.acts import ExhibitDerived
from alteram.core.kernel.outcomes import Refused
from alteram.installation.exhibit_files import SealingExhibit, sealing_exhibit
from alteram.installation.exhibit_tools import find_disclosure_tools, find_evidence_tools
from alteram.installation.uploads import BusyUploadsError
from alteram.operations.exhibits.deriving import BY_PROGRAM, UnmadeError, lodge_copy, make_copy
from alteram.operations.exhibits.uploads import MAX_NAME
from alteram.operations.perform import Performed

router = Router(tags=["exhibits"], auth=BearerToken())


class ExhibitCopy(shapes.Asked):
    """What a copy is: its new name, of which exhibit it was made, and how; by hand unless `tool` names a program."""

    exhibit: shapes.Identifier
    of: shapes.Identifier
    how: Literal["translation", "transcript", "text", "pages"]
    tool: Annotated[str, Field(max_length=200)] = ""
    reasons: Annotated[str, Field(max_length=20_000)] = ""


_ACT: Final = "exhibit.derived"


@router.post(
    "/{org}/matters/{matter}/acts/copy",
    response={201: shapes.Recorded},
    operation_id="lodge_copy",
    summary="Lodge a copy of an exhibit",
    openapi_extra={"requestBody": describe_with_file("copy", ExhibitCopy)},
)
def lodge(request: HttpRequest, org: Org, matter: MatterName, key: Key = None) -> HttpResponse:
    """Lodge what was made of an exhibit: the part `copy` says what it is as JSON, `file` is the file.

    Without a file, programs make `text` and `pages` of what was found when the exhibit was lodged. Needs the scope
    `propose`. The exhibit must be open to the asker, and that they opened it is kept. A file of at most 50 MB; what is
    not recorded is deleted.
    """
    del org, key
    calling = get_calling(request)
    need_scopes(calling, get_spec(_ACT))
    entered = calling.enter(matter)
    try:
        with sealing_exhibit(request, entered.organisation, entered.stream) as sealing:
            text = read_part_with_file(request, sealing, "copy", larger="an exhibit of its own")
            act = _build(parse_part("copy", text, ExhibitCopy), sealing)
            sent = sha256(text.encode("utf-8", "surrogatepass")).digest() + sealing.digest

            def do() -> HttpResponse:
                now = calling.asking.now.replace(microsecond=0)
                done: Performed | Refused
                if sealing.received is None:
                    done = make_copy(entered, find_disclosure_tools().bundles.making, act, now=now)
                else:
                    received = sealing.received
                    sealing.take()
                    done = lodge_copy(entered, find_evidence_tools(), act, received, now=now)
                if isinstance(done, Refused):
                    raise refuse(done)
                return answer_recorded(entered.stream, done)

            return answer_once(request, calling.bearer, do, sent=sent)
    except BusyUploadsError as error:
        raise busy("Others are sending large files at this moment.") from error
    except (UnmadeError, BundleError) as error:
        raise ProblemError(409, "unmade", f"{error.problem} {error.remedy}".strip()) from error


def _build(copy: ExhibitCopy, sealing: SealingExhibit) -> ExhibitDerived:
    if sealing.received is None and copy.how not in BY_PROGRAM:
        raise misfit("body.file", "missing: no program here makes this")
    fields: dict[str, Any] = {"exhibit": copy.exhibit, "of": copy.of, "how": copy.how, "by_hand": not copy.tool}
    fields |= {name: said for name, said in (("tool", copy.tool), ("reasons", copy.reasons)) if said}
    if sealing.received is not None and sealing.file_name:
        fields["file_name"] = sealing.file_name[:MAX_NAME]
    act = build_act(get_spec(_ACT), fields)
    if not isinstance(act, ExhibitDerived):
        raise TypeError(act)
    return act
