"""Addresses of this room."""

from django.urls import path

from alteram.web.propositions import board, pasting, source

_ROOM = "matters/<identifier:matter>/propositions/"

urlpatterns = [
    path(_ROOM, board.show_board, name="propositions"),
    path(f"{_ROOM}paste/", pasting.paste_source, name="proposition-paste"),
    path(f"{_ROOM}sources/<identifier:exhibit>/", source.show_source, name="proposition-source"),
]
