"""Addresses of this room."""

from django.urls import path

from alteram.web.rulebook import amending, proof, reading, versions

urlpatterns = [
    path("rulebook/", reading.show_rulebook, name="rulebook"),
    path("rulebook/stages/", reading.show_stages, name="rulebook-stages"),
    path("rulebook/versions/", versions.show_versions, name="rulebook-versions"),
    path("rulebook/changes/", versions.show_changes, name="rulebook-changes"),
    path("rulebook/file/", reading.download_rulebook, name="rulebook-file"),
    path("rulebook/proof/", proof.show_proof, name="rulebook-proof"),
    path("rulebook/amend/", amending.amend_rulebook, name="rulebook-amend"),
]
