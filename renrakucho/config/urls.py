"""URLs of all faces."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("renrakucho.faces.book.urls")),
    path("", include("renrakucho.faces.directory.urls")),
    path("", include("renrakucho.faces.directory.api.urls")),
    path("", include("renrakucho.faces.api.urls")),
    path("relay/v1/", include("renrakucho.faces.relay.urls")),
    path("desk/", include("renrakucho.faces.desk.urls")),
    path("bureau/", include("renrakucho.faces.bureau.urls")),
    path("standard/", include("renrakucho.faces.standard.urls")),
    path("", include("renrakucho.faces.answer.urls")),
    path("", include("renrakucho.faces.monitoring.urls")),
]

handler400 = "renrakucho.page.errors.bad_request"
handler403 = "renrakucho.page.errors.forbidden_page"
handler404 = "renrakucho.page.errors.not_found"
handler500 = "renrakucho.page.errors.server_error"
