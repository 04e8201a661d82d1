"""Addresses of this room."""

from django.urls import path

from alteram.web.rulebook import amending, packs, past, proof, reading, versions

urlpatterns = [
    path("rulebook/", reading.show_rulebook, name="rulebook"),
    path("rulebook/stages/", reading.show_stages, name="rulebook-stages"),
    path("rulebook/versions/", versions.show_versions, name="rulebook-versions"),
    path("rulebook/changes/", versions.show_changes, name="rulebook-changes"),
    path("rulebook/file/", reading.download_rulebook, name="rulebook-file"),
    path("rulebook/standards/", packs.list_standards, name="rulebook-packs"),
    path("rulebook/standards/<identifier:pack>/", packs.show_standard, name="rulebook-pack"),
    path("rulebook/proof/", proof.show_proof, name="rulebook-proof"),
    path("rulebook/past/", past.show_past_matters, name="rulebook-past"),
    path("rulebook/amend/", amending.amend_rulebook, name="rulebook-amend"),
]
