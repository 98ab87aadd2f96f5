"""Every address of the directory's face: who serves a place, and the list of links."""

from django.urls import path

from renrakucho.faces.directory.about import about
from renrakucho.faces.directory.contract import contract
from renrakucho.faces.directory.coverage_map import coverage_map, maps
from renrakucho.faces.directory.link_maker import link
from renrakucho.faces.directory.links import links
from renrakucho.faces.directory.search import search
from renrakucho.faces.directory.towns import towns

app_name = "directory"
urlpatterns = [
    path("search", search, name="search"),
    path("search/towns", towns, name="towns"),
    path("search/map", maps, name="maps"),
    path("search/map/<str:prefecture>/<str:industry>", coverage_map, name="map"),
    path("search/link", link, name="link"),
    path("search/contract", contract, name="contract"),
    path("search/about", about, name="about"),
    path("links", links, name="links"),
]
