"""Addresses of this room."""

from django.urls import path

from alteram.web.tokens import views

urlpatterns = [
    path("tokens/", views.show_tokens, name="tokens"),
    path("tokens/<str:handle>/revoke/", views.revoke, name="revoke-token"),
]
