"""How one wants to be told that something was recorded or is due."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from alteram.installation.asking import Asking
from alteram.installation.notices import find_preference, keep_preference
from alteram.installation.telling import NoticePreference
from alteram.operations.telling import is_officer
from alteram.web.doors import for_people, get_person


class PreferenceForm(forms.Form):
    """At once, once a day, or only of what waits on one."""

    how = forms.ChoiceField(
        choices=[
            (NoticePreference.AT_ONCE, gettext_lazy("At once, whenever something is recorded that is open to me")),
            (NoticePreference.DAILY, gettext_lazy("Once a day, in the morning, if there was anything")),
            (NoticePreference.WAITING, gettext_lazy("Only when something waits on me")),
        ],
        widget=forms.RadioSelect,
        label=gettext_lazy("Tell me by e-mail"),
    )


@require_http_methods(["GET", "POST"])
@for_people
def show_preference(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Show it, or change it."""
    person = get_person(asking)
    form = PreferenceForm(request.POST or None, prefix="n", initial={"how": find_preference(asking.name, person)})
    if request.method == "POST" and form.is_valid():
        keep_preference(asking.name, person, form.cleaned_data["how"])
        messages.success(request, _("Kept."))
        return redirect("notices", organisation=asking.name)
    context = {"form": form, "officer": is_officer(asking.organisation, person)}
    return render(request, "web/notices/notices.html", context, status=422 if form.is_bound else 200)
