"""The addresses that stand on paper, so they are short."""

from django.urls import path

from renrakucho.faces.answer import code, turns

app_name = "answer"
urlpatterns = [
    path("a", code.ask, name="code"),
    path("a/<str:code>", turns.notice, name="notice"),
    path("a/<str:code>/accept", turns.accept_it, name="accept"),
    path("a/<str:code>/return", turns.return_it, name="return"),
]
