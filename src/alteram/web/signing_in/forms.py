"""Forms of this room."""

from django import forms
from django.utils.translation import gettext_lazy as _


class AskLinkForm(forms.Form):
    """Where a link is to go."""

    email = forms.EmailField(
        label=_("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "username"}), max_length=254
    )
