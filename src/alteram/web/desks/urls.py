"""Addresses of this room."""

from django.urls import path

from alteram.web.desks import desk

urlpatterns = [path("desk/", desk.show_desk, name="desk")]
