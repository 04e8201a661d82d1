"""The file that goes with a lodging form: sent with it, sent with it before, or uploaded in parts beforehand.

What arrived once need not be sent again, whatever was wrong with the form: it waits for half a day, an upload for a
week. The page holds only a sealed note of it, which opens for the same person in the same matter.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error

from django.http import HttpRequest
from django.utils.translation import gettext as _

from alteram.core.kernel.phrases import phrase
from alteram.installation.asking import Asking
from alteram.installation.exhibit_files import SealingExhibit
from alteram.operations.entries import Entered
from alteram.operations.exhibits.incoming import ReceivedFile
from alteram.operations.exhibits.uploads import MAX_NAME, get_upload
from alteram.operations.exhibits.waiting import ArrivedFile, open_arrived, receive_waiting, seal_arrived
from alteram.operations.ports import StoreError
from alteram.operations.questions import UnknownMatterError
from alteram.web.forms import ActForm
from alteram.web.saying import say_error

#: The fields of the form that name such a file.
KEPT, UPLOAD = "kept", "upload"


def find_arrived(
    request: HttpRequest, asking: Asking, entered: Entered, sealing: SealingExhibit, form: ActForm
) -> ArrivedFile | None:
    """Return the file of a form, the one that came with it first of all; what is wrong is said in the form."""
    for wrong, told in (
        (sealing.is_broken, _("The connection broke before everything had arrived. Send it again.")),
        (sealing.is_more_than_one, _("One exhibit has one file. Lodge the others by themselves.")),
        (sealing.is_too_large, _("The file is too large. Lodge it in parts.")),
    ):
        if wrong:
            form.add_error(None, told)
    received = sealing.received
    if received is not None:
        name = (sealing.file_name or "")[:MAX_NAME]
        return ArrivedFile(entered.person, name, received.size, asking.now, received.sealed)
    try:
        if request.POST.get(UPLOAD):
            return find_uploaded(asking, entered, request.POST[UPLOAD])
        if request.POST.get(KEPT):
            note = urlsafe_b64decode(request.POST[KEPT].encode())
            return open_arrived(asking.organisation, entered.stream, note, entered.person, now=asking.now)
    except (Base64Error, UnicodeError):
        form.add_error(None, _("The file is here no longer. Choose it again."))
    except (UnknownMatterError, StoreError) as error:
        form.add_error(None, say_error(error))
    return None


def find_uploaded(asking: Asking, entered: Entered, name: str) -> ArrivedFile:
    """Return somebody's own whole upload as the file of a form. Raises: UnknownMatterError, StoreError."""
    upload = get_upload(entered, name)
    if not upload.is_whole:
        raise StoreError(
            phrase("The file has not arrived as a whole."), remedy=phrase("Choose it again, and it goes on.")
        )
    return ArrivedFile(entered.person, upload.file_name, upload.size, asking.now, upload=name)


def keep(asking: Asking, entered: Entered, file: ArrivedFile | None) -> dict[str, object]:
    """Return what the form is shown with, so that the file goes with it when it is sent again."""
    if file is None:
        return {}
    if file.upload:
        return {"arrived": file, "arrived_field": UPLOAD, "arrived_value": file.upload}
    note = urlsafe_b64encode(seal_arrived(asking.organisation, entered.stream, file)).decode()
    return {"arrived": file, "arrived_field": KEPT, "arrived_value": note}


def receive_arrived(
    asking: Asking, entered: Entered, file: ArrivedFile, sealing: SealingExhibit
) -> ReceivedFile | None:
    """Return a file that is looked at before the answer, as it was when it arrived; an upload is not.

    Raises: StoreError where it was swept away.
    """
    if sealing.received is not None or file.sealed is None:
        return sealing.received
    return receive_waiting(asking.organisation, entered.stream, file.sealed)
