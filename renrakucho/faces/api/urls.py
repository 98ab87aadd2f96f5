"""Every address for providers' systems. The version stands in the address: what changes a shape gets a new one."""

from django.urls import path, re_path

from renrakucho.faces.api.described import openapi
from renrakucho.faces.api.door import nowhere
from renrakucho.faces.api.notices import listing, one
from renrakucho.faces.api.turns import accept_it, replay_it, return_it

app_name = "systems"
urlpatterns = [
    path("api/v1/notices", listing, name="list"),
    path("api/v1/notices/openapi.json", openapi, name="openapi"),
    path("api/v1/notices/<str:number>", one, name="notice"),
    path("api/v1/notices/<str:number>/accept", accept_it, name="accept"),
    path("api/v1/notices/<str:number>/return", return_it, name="return"),
    path("api/v1/notices/<str:number>/replay", replay_it, name="replay"),
    re_path("^api/v1/notices/", nowhere),
]
