"""Addresses of this room."""

from django.urls import path

from alteram.web.statistics import quarters

urlpatterns = [
    path("statistics/", quarters.show_statistics, name="statistics"),
    path("statistics/public/", quarters.show_public, name="public-statistics"),
    path("statistics/public/<str:quarter>.csv", quarters.send_csv, name="statistics-csv"),
]
