"""Addresses of this room."""

from django.urls import path

from alteram.web.notices import views

urlpatterns = [path("notices/", views.show_preference, name="notices")]
