"""Every address of the open data. The version stands in the address: what changes a shape gets a new one."""

from django.urls import path

from renrakucho.faces.directory.api.described import openapi
from renrakucho.faces.directory.api.questions import providers, towns
from renrakucho.faces.directory.api.whole import directory_csv, directory_json

app_name = "api"
urlpatterns = [
    path("api/v1/providers", providers, name="providers"),
    path("api/v1/towns", towns, name="towns"),
    path("api/v1/directory.csv", directory_csv, name="directory_csv"),
    path("api/v1/directory.json", directory_json, name="directory_json"),
    path("api/v1/openapi.json", openapi, name="openapi"),
]
