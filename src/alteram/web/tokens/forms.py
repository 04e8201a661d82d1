"""The form of a new token."""

from typing import Final

from django import forms
from django.utils.translation import gettext_lazy as _

from alteram.installation.tokens import LIFETIMES, SCOPES

_TOLD: Final = {
    "read": _("Read what you may read"),
    "propose": _("Do what you may do, grave acts excepted"),
    "report": _("Lodge reports, and report events that happened elsewhere"),
    "letters": _("Write letters, and serve them where you may"),
    "paper": _("Enter what came on paper for somebody"),
    "members": _("Read and change the roll and the directory, and invite people"),
    "rulebook": _("Agree to a new version of the rules, or adopt it"),
    "settings": _("Change how you are told, your calendar feed and webhooks, and revoke tokens of yours"),
    "export": _("Export matters, as far as they are open to you"),
    "grave": _("Do grave acts as well, such as a decision or a sanction"),
}


class TokenForm(forms.Form):
    """What a token is for, and for how long."""

    name = forms.CharField(max_length=100, label=_("What it is for"), help_text=_("For you: it is shown in the list."))
    scopes = forms.MultipleChoiceField(
        choices=[(one, _TOLD[one]) for one in SCOPES],
        initial=["read"],
        widget=forms.CheckboxSelectMultiple,
        label=_("What a program that has it can do for you"),
    )
    days = forms.TypedChoiceField(
        coerce=int,
        choices=[(one, _("%(days)s days") % {"days": one}) for one in LIFETIMES],
        initial=30,
        label=_("For how long"),
    )
