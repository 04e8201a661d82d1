"""Addresses of this room."""

from django.urls import path

from alteram.web.letters import matter, templates, writing

urlpatterns = [
    path("letters/", templates.show_templates, name="letter-templates"),
    path("letters/<identifier:letter>/", templates.show_template, name="letter-template"),
    path("matters/<identifier:matter>/letters/", matter.show_letters, name="letters"),
    path("matters/<identifier:matter>/letters/served/<seq:seq>/", matter.show_served, name="letter-served"),
    path("matters/<identifier:matter>/letters/print/<identifier:letter>/", matter.show_printed, name="letter-printed"),
    path("matters/<identifier:matter>/letters/write/<identifier:letter>/", writing.write_letter, name="letter"),
]
