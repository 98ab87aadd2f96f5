"""URLs of the directory pages."""

from django.urls import path

from renrakucho.faces.directory.about_page import about_page
from renrakucho.faces.directory.contract_page import contract_page
from renrakucho.faces.directory.coverage_map import coverage_map, map_index
from renrakucho.faces.directory.figures_page import figures_json, figures_page
from renrakucho.faces.directory.link_maker import link_maker_page
from renrakucho.faces.directory.links_page import links_page
from renrakucho.faces.directory.search_page import search_page
from renrakucho.faces.directory.towns_page import towns_page

app_name = "directory"
urlpatterns = [
    path("search", search_page, name="search"),
    path("search/towns", towns_page, name="towns"),
    path("search/map", map_index, name="maps"),
    path("search/map/<str:prefecture>/<str:industry>", coverage_map, name="map"),
    path("search/link", link_maker_page, name="link"),
    path("search/contract", contract_page, name="contract"),
    path("search/about", about_page, name="about"),
    path("figures", figures_page, name="figures"),
    path("figures.json", figures_json, name="figures_json"),
    path("links", links_page, name="links"),
]
