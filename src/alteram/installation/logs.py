"""Logs without content: what went wrong and where, never what somebody wrote or who they are."""

import logging
import re
from typing import Final

_LINK: Final = re.compile(r"(/sign-in/link/|/password/reset/key/)[^\s/]+")


class WithoutContent(logging.Filter):
    """Removes from a record what a request brought with it, and the values in an exception."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep the record, stripped."""
        record.__dict__.pop("request", None)
        if isinstance(record.args, tuple):
            # A link that signs somebody in is as good as a passphrase.
            record.args = tuple(_LINK.sub(r"\1…", one) if isinstance(one, str) else one for one in record.args)
        if record.exc_info and record.exc_info[0] is not None:
            traceback, kind = record.exc_info[2], record.exc_info[0].__name__
            last = traceback
            while last is not None and last.tb_next is not None:
                last = last.tb_next
            where = "" if last is None else f" at {last.tb_frame.f_code.co_name}:{last.tb_lineno}"
            record.msg, record.args = f"{kind}{where}", ()
            record.exc_info = record.exc_text = None
        return True
