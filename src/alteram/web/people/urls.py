"""Addresses of this room."""

from django.urls import path

from alteram.web.people import person

urlpatterns = [
    path("people/<identifier:person>/", person.show_person, name="person"),
    path("people/<identifier:person>/export/", person.send_export, name="person-export"),
]
