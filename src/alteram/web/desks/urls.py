"""Addresses of this room."""

from django.urls import path

from alteram.web.desks import desk, identities

urlpatterns = [
    path("desk/", desk.show_desk, name="desk"),
    path("matters/<identifier:matter>/identities/", identities.show_identities, name="identities"),
    path(
        "matters/<identifier:matter>/identities/<seq:seq>/<identifier:act>/", identities.show_form, name="identity-form"
    ),
]
