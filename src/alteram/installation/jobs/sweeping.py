"""Files that belong to no entry, because somebody was cut off while reporting, are deleted; the others are put away.

Uploads that nobody went on with for a week go too, and what was to be blacked out and was not lodged.
"""

from alteram.bootstrap import Opened
from alteram.installation.redaction_work import sweep_redactions
from alteram.operations.attachments import sweep_attachments
from alteram.operations.exhibits.uploads import sweep_uploads


def sweep_files(name: str, opened: Opened) -> None:
    """Sweep the files of an organisation that wait since a day."""
    sweep_attachments(opened.organisation)
    sweep_uploads(opened.organisation)
    sweep_redactions(name)
