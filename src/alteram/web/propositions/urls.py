"""Addresses of this room."""

from django.urls import path

from alteram.web.propositions import board, source

_ROOM = "matters/<identifier:matter>/propositions/"

urlpatterns = [
    path(_ROOM, board.show_board, name="propositions"),
    path(f"{_ROOM}sources/<identifier:exhibit>/", source.show_source, name="proposition-source"),
]
