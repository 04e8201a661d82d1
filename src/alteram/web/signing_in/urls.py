"""Addresses of this room."""

from django.urls import path

from alteram.web.signing_in import links

urlpatterns = [path("link/<str:secret>/", links.follow_link, name="sign-in-link")]
