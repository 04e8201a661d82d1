"""Addresses of this room."""

from django.urls import path

from alteram.web.exhibits import files, listing

_ROOM = "matters/<identifier:matter>/exhibits/"
_ONE = f"{_ROOM}<identifier:exhibit>/"

urlpatterns = [
    path(_ROOM, listing.show_exhibits, name="exhibits"),
    path(_ONE, listing.show_one, name="exhibit"),
    path(f"{_ONE}file/", files.send_original, name="exhibit-file"),
]
