"""Addresses of this room."""

from django.urls import path

from alteram.web.redacting import checking, lodging, making

_ONE = "matters/<identifier:matter>/exhibits/<identifier:exhibit>/"
_MADE = f"{_ONE}redaction/"

urlpatterns = [
    path(_MADE, making.show_redaction, name="redaction"),
    path(f"{_MADE}pages/<seq:number>/", making.send_page, name="redaction-page"),
    path(f"{_MADE}lodging/", lodging.lodge_it, name="redaction-lodging"),
    path(f"{_MADE}forgetting/", lodging.forget_it, name="redaction-forgetting"),
    path(f"{_ONE}check/", checking.show_check, name="redaction-check"),
]
