"""Every address for providers' systems. The version stands in the address: what changes a shape gets a new one."""

from django.urls import path, re_path

from renrakucho.faces.api.key_authentication import api_not_found
from renrakucho.faces.api.notice_actions import accept_by_api, replay_webhook, return_by_api
from renrakucho.faces.api.notice_list import list_notices, read_notice
from renrakucho.faces.api.openapi import api_openapi

app_name = "systems"
urlpatterns = [
    path("api/v1/notices", list_notices, name="list"),
    path("api/v1/notices/openapi.json", api_openapi, name="openapi"),
    path("api/v1/notices/<str:number>", read_notice, name="notice"),
    path("api/v1/notices/<str:number>/accept", accept_by_api, name="accept"),
    path("api/v1/notices/<str:number>/return", return_by_api, name="return"),
    path("api/v1/notices/<str:number>/replay", replay_webhook, name="replay"),
    re_path("^api/v1/notices/", api_not_found),
]
