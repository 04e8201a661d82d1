"""Addresses of this room."""

from django.urls import path

from alteram.web.signing_in import devices, links, signatures

urlpatterns = [
    path("link/", links.ask_link, name="ask-link"),
    path("link/<str:secret>/", links.follow_link, name="sign-in-link"),
    path("again/", links.prove_by_link, name="prove-by-link"),
    path("first/", devices.ask_first_credential, name="first-credential"),
    path("devices/", devices.show_devices, name="devices"),
    path("devices/others/end/", devices.end_other_devices, name="end-other-devices"),
    path("devices/signing/<identifier:organisation>/", signatures.choose_signing_passkey, name="signing-passkey"),
    path("devices/<int:device>/end/", devices.end_device, name="end-device"),
]
