"""The addresses that stand on paper, so they are short."""

from django.urls import path

from renrakucho.faces.answer import code, turns

app_name = "answer"
urlpatterns = [
    path("", code.ask, name="code"),
    path("/<str:code>", turns.notice, name="notice"),
    path("/<str:code>/accept", turns.accept_it, name="accept"),
    path("/<str:code>/return", turns.return_it, name="return"),
]
