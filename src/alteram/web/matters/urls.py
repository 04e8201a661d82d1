"""Addresses of this room."""

from django.urls import path

from alteram.web.matters import acting, lists, matter

urlpatterns = [
    path("", lists.show_my_matters, name="my-matters"),
    path("matters/<identifier:matter>/", matter.show_matter, name="matter"),
    path("matters/<identifier:matter>/acts/", acting.show_acts, name="acts"),
    path("matters/<identifier:matter>/acts/<identifier:act>/", acting.do_act, name="act"),
]
