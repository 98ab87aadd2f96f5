"""URLs of the open data. A change of an answer's shape gets a new version in the URL."""

from django.urls import path

from renrakucho.faces.directory.api.bulk_download import directory_csv, directory_json
from renrakucho.faces.directory.api.openapi import directory_openapi
from renrakucho.faces.directory.api.queries import providers_json, towns_json

app_name = "api"
urlpatterns = [
    path("api/v1/providers", providers_json, name="providers"),
    path("api/v1/towns", towns_json, name="towns"),
    path("api/v1/directory.csv", directory_csv, name="directory_csv"),
    path("api/v1/directory.json", directory_json, name="directory_json"),
    path("api/v1/openapi.json", directory_openapi, name="openapi"),
]
