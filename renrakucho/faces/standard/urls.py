"""Every address of the published standard. Those below a version stay as they are for good."""

from django.urls import path

from renrakucho.faces.standard.files import ZIP, everything, example_file, schema_file
from renrakucho.faces.standard.pages import document, index

app_name = "standard"
urlpatterns = [
    path("", index, {"language": "ja"}, name="index"),
    path("en", index, {"language": "en"}, name="index_en"),
    path("v1/", index, {"language": "ja"}, name="version"),
    path(f"v1/{ZIP}", everything, name="everything"),
    path("v1/<slug:name>.schema.json", schema_file, name="schema"),
    path("v1/<slug:name>.example.json", example_file, {"variant": ""}, name="example"),
    path("v1/<slug:name>.<slug:variant>.example.json", example_file, name="example"),
    path("v1/<slug:name>", document, {"language": "ja"}, name="document"),
    path("v1/<slug:name>/en", document, {"language": "en"}, name="document_en"),
]
