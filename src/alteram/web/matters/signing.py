"""An act signed with one's own passkey: the page that shows what is signed, and what comes back from the browser."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from alteram.core.acts import ActSpec, encode_fields
from alteram.core.acts.fields import Act
from alteram.core.kernel.identifiers import StreamId
from alteram.core.kernel.phrases import phrase
from alteram.core.vault import Assertion, VaultError, decode_base64url, encode_base64url
from alteram.installation.asking import Asking
from alteram.installation.models import Account
from alteram.installation.own_passkeys import find_own_passkeys
from alteram.installation.prepared_signatures import keep_prepared, take_prepared
from alteram.operations.entries import FieldShown, show_field
from alteram.operations.own_signatures import find_key_in_force, perform_signed, prepare_signature
from alteram.operations.perform import Performed, perform
from alteram.operations.signing import SigningError
from alteram.web.doors import get_person
from alteram.web.forms import ActForm
from alteram.web.forms.labels import tell_label

#: The hidden fields of the page: what gives back what was prepared, and the three parts of a passkey's answer.
PREPARED, ANSWER = "prepared", ("authenticator_data", "client_data", "signature")
_OWN = {"csrfmiddlewaretoken", PREPARED, *ANSWER}
#: No part of an answer is longer.
_LONGEST = 4096


def ask_to_sign(
    request: HttpRequest, asking: Asking, spec: ActSpec, form: ActForm, matter: str, *, act: Act | None = None
) -> HttpResponse:
    """Show what is to be signed, and its digest; the browser asks the passkey for a signature over that.

    `act` is what is signed where that is more than what the form holds.
    """
    person, act = get_person(asking), act or form.build_act()
    prepared, digest = prepare_signature(asking.organisation, StreamId(matter), act, person)
    named = find_key_in_force(asking.organisation, person).passkey
    passkeys = find_own_passkeys(request.user) if isinstance(request.user, Account) else []
    context = {
        "matter": matter,
        "spec": spec,
        "fields": _find_fields(spec, act),
        "at": prepared.at,
        "digest": encode_base64url(digest),
        "passkey": next((one for one in passkeys if one.key == named), None),
        "token": keep_prepared(asking.name, person, prepared),
        "prepared": PREPARED,
        "answer": ANSWER,
        "sent": [(name, value) for name, values in request.POST.lists() if name not in _OWN for value in values],
    }
    return render(request, "web/matters/sign.html", context)


def _find_fields(spec: ActSpec, act: Act) -> list[tuple[str, FieldShown]]:
    """Return what is signed, each under what the form calls it."""
    return [(tell_label(spec.name, name), show_field(spec, name, value)) for name, value in encode_fields(act).items()]


def perform_as_sent(request: HttpRequest, asking: Asking, stream: StreamId, act: Act) -> Performed:
    """Perform an act, with the signature that came with it where one did. Raises: SigningError."""
    person, token = get_person(asking), request.POST.get(PREPARED)
    if token is None:
        return perform(asking.organisation, stream, act, person)
    prepared, assertion = take_prepared(asking.name, person, token), _read_answer(request)
    if prepared is None or assertion is None:
        raise SigningError(
            phrase("This signature was used before, or came too late."),
            remedy=phrase("Send the form again, and sign it then."),
        )
    return perform_signed(asking.organisation, stream, act, person, prepared=prepared, assertion=assertion)


def _read_answer(request: HttpRequest) -> Assertion | None:
    """Return what the passkey answered; None where it is not spelled as the page's script spells it."""
    sent = [request.POST.get(name, "") for name in ANSWER]
    if any(len(one) > _LONGEST for one in sent):
        return None
    try:
        return Assertion(*map(decode_base64url, sent))
    except VaultError:
        return None
