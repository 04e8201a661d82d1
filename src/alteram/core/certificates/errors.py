"""Where in a certificate something does not verify: every code of the layers below, with the member it is in."""

from collections.abc import Iterator
from contextlib import contextmanager

from alteram.core.kernel.errors import AlteramError
from alteram.core.record.errors import RecordError


@contextmanager
def verifying(where: str) -> Iterator[None]:
    """Turn whatever does not verify within into one error that names the member. Raises: RecordError."""
    try:
        yield
    except AlteramError as error:
        if isinstance(error, RecordError) and error.where:
            raise
        code = getattr(error, "code", "form")
        raise RecordError(code, error.problem, where=where, remedy=error.remedy) from error
