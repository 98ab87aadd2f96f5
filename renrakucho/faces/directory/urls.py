"""Every address of the directory's face: who serves a place, and the list of links."""

from django.urls import path

from renrakucho.faces.directory.links import links
from renrakucho.faces.directory.search import search

app_name = "directory"
urlpatterns = [
    path("search", search, name="search"),
    path("links", links, name="links"),
]
