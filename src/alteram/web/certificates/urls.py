"""Addresses of this room. What is public has its digest as its address, and nothing of the matter in it."""

from django.urls import path

from alteram.web.certificates import issuing, public, showing

_OF_MATTER = "matters/<identifier:matter>/certificates/"

urlpatterns = [
    path(_OF_MATTER, issuing.show_certificates, name="certificates"),
    path(f"{_OF_MATTER}<digest:digest>/", showing.show_certificate, name="certificate"),
    path(f"{_OF_MATTER}<digest:digest>/file/", showing.download_certificate, name="certificate-file"),
    path(f"{_OF_MATTER}<digest:digest>/pdf/", showing.print_certificate, name="certificate-pdf"),
    path(f"{_OF_MATTER}<digest:digest>/publish/", issuing.publish, name="certificate-publish"),
    path("certificates/<digest:digest>/", public.show_published, name="published-certificate"),
    path("certificates/<digest:digest>/file/", public.download_published, name="published-certificate-file"),
    path("certificates/<digest:digest>/pdf/", public.print_published, name="published-certificate-pdf"),
]
