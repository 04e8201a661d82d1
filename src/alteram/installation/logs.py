"""Logs without content: what went wrong and where, never what somebody wrote or who they are."""

import logging
import re
from typing import Final

#: From the word that holds a stroke to the end: what Django tells of a request ends with its address, or with one that
#: a browser sent.
_ADDRESS: Final = re.compile(r"\S*/.*", re.DOTALL)


class WithoutContent(logging.Filter):
    """Removes from a record what a request brought with it, and the values in an exception.

    Of a request that went wrong, the address is removed as well: it names matters and people, and may hold what opens
    something, such as a link that signs somebody in.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep the record, stripped."""
        record.__dict__.pop("request", None)
        if record.name.partition(".")[0] == "django":
            record.msg, record.args = _ADDRESS.sub("…", record.getMessage()), ()
        if record.exc_info and record.exc_info[0] is not None:
            traceback, kind = record.exc_info[2], record.exc_info[0].__name__
            last = traceback
            while last is not None and last.tb_next is not None:
                last = last.tb_next
            where = "" if last is None else f" at {last.tb_frame.f_code.co_name}:{last.tb_lineno}"
            record.msg, record.args = f"{kind}{where}", ()
            record.exc_info = record.exc_text = None
        return True
