"""Forms of this room."""

from django import forms
from django.utils.translation import gettext_lazy as _


class DirectoryForm(forms.Form):
    """What a person is called, and where letters on paper reach them."""

    name = forms.CharField(label=_("Name"), required=False, max_length=200)
    post = forms.CharField(
        label=_("Postal address"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 4})
    )
    email = forms.EmailField(label=_("E-mail address"), required=False, max_length=254)

    def __init__(self, *arguments: object, has_account: bool, **more: object) -> None:
        """Where somebody signs in already, one other person cannot change where their links go."""
        super().__init__(*arguments, **more)  # type: ignore[arg-type] # they are a form's own
        if has_account:
            del self.fields["email"]


class RecoveryForm(forms.Form):
    """Asking that somebody be let in again."""

    email = forms.EmailField(
        label=_("Where the new link goes"),
        max_length=254,
        help_text=_("Make sure that this address is theirs: ask them in person, or by a telephone number you know."),
    )
    reason = forms.CharField(
        label=_("How do you know that it is they who ask?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The second person reads this, and it is kept. Write nothing of a matter."),
    )


class OperatorRecoveryForm(RecoveryForm):
    """The same, asked by whoever runs the machine."""

    code = forms.CharField(label=_("Setup code"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    person = forms.CharField(
        label=_("Who lost every way of signing in?"), max_length=64, help_text=_("Their identifier.")
    )
    field_order = ("code", "person", "email", "reason")
