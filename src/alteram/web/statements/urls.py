"""Addresses of this room."""

from django.urls import path

from alteram.web.statements import register

urlpatterns = [path("matters/<identifier:matter>/statements/", register.show_statements, name="statements")]
