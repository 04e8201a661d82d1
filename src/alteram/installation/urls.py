"""Every address, by the part that answers it."""

from django.urls import include, path
from django.views.generic import RedirectView

urlpatterns = [
    # Shown on one page of ours: allauth's own overviews, and addresses that it would let people change by themselves.
    path("accounts/2fa/", RedirectView.as_view(pattern_name="devices")),
    path("accounts/2fa/webauthn/", RedirectView.as_view(pattern_name="devices")),
    path("accounts/3rdparty/", RedirectView.as_view(pattern_name="devices")),
    path("accounts/email/", RedirectView.as_view(pattern_name="devices")),
    path("accounts/", include("allauth.urls")),
    path("", include("alteram.api.urls")),
    path("", include("alteram.web.urls")),
]
handler400 = "alteram.web.errors.show_bad_request"
handler403 = "alteram.web.errors.show_forbidden"
handler404 = "alteram.web.errors.show_not_found"
handler500 = "alteram.web.errors.show_failure"
