"""What the fields of an act mean, as the catalogue says it: the text that stands below a field in its class.

Python keeps no such text, so it is read from the source of the catalogue once.
"""

import ast
import inspect
import textwrap
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise

from alteram.core.acts.fields import Act


@cache
def find_explanations(kind: type[Act]) -> Mapping[str, str]:
    """Return what each field of an act means, by its name; nothing for those that speak for themselves."""
    (found,) = ast.parse(textwrap.dedent(inspect.getsource(kind))).body
    return dict(_pairs(found.body)) if isinstance(found, ast.ClassDef) else {}


def _pairs(body: list[ast.stmt]) -> Iterator[tuple[str, str]]:
    for field, below in pairwise(body):
        match field, below:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str() as text)):
                yield name, inspect.cleandoc(text)
            case _:
                pass
