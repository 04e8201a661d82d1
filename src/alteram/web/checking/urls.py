"""The address of this room. It belongs to no organisation and needs no account."""

from django.urls import path

from alteram.web.checking import checking

urlpatterns = [path("", checking.show_check, name="check")]
