"""Every address, by the part that answers it."""

from django.urls import include, path

urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("", include("alteram.web.urls")),
    path("", include("alteram.api.urls")),
]
handler400 = "alteram.web.errors.show_bad_request"
handler403 = "alteram.web.errors.show_forbidden"
handler404 = "alteram.web.errors.show_not_found"
handler500 = "alteram.web.errors.show_failure"
