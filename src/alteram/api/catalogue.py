"""The catalogue of acts, open to anybody: what each is, who may do it, and the JSON Schema of its fields."""

from typing import Annotated

from django.http import HttpRequest
from ninja import Path, Router

from alteram.api import shapes
from alteram.api.describing import describe_act, describe_acts
from alteram.api.problems import not_found
from alteram.core.acts import find_spec

router = Router(tags=["catalogue"])

ActName = Annotated[str, Path(max_length=100, description="An act by its name, such as notice.served.")]


@router.get("/acts", response=shapes.Catalogue, operation_id="list_acts", summary="Every act")
def list_acts(request: HttpRequest) -> shapes.Catalogue:
    """List every act of the catalogue."""
    del request
    return describe_acts()


@router.get("/acts/{act}", response=shapes.Act, operation_id="show_act", summary="One act")
def show_act(request: HttpRequest, act: ActName) -> shapes.Act:
    """Tell what an act is, and what it takes."""
    del request
    spec = find_spec(act)
    if spec is None:
        raise not_found()
    return describe_act(spec)
