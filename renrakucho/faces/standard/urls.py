"""URLs of the published standard. Those below a version never change."""

from django.urls import path

from renrakucho.faces.standard.pages import document_page, standard_index
from renrakucho.faces.standard.schema_files import (
    ZIP,
    example_file,
    published_key_set,
    schema_file,
    standard_archive,
)

app_name = "standard"
urlpatterns = [
    path("", standard_index, {"language": "ja"}, name="index"),
    path("en", standard_index, {"language": "en"}, name="index_en"),
    path("keys.json", published_key_set, name="keys"),
    path("v1/", standard_index, {"language": "ja"}, name="version"),
    path(f"v1/{ZIP}", standard_archive, name="everything"),
    path("v1/<slug:name>.schema.json", schema_file, name="schema"),
    path("v1/<slug:name>.example.json", example_file, {"variant": ""}, name="example"),
    path("v1/<slug:name>.<slug:variant>.example.json", example_file, name="example"),
    path("v1/<slug:name>", document_page, {"language": "ja"}, name="document"),
    path("v1/<slug:name>/en", document_page, {"language": "en"}, name="document_en"),
]
