"""The addresses that stand on paper, so they are short."""

from django.urls import path

from renrakucho.faces.answer import code_page, paper_page

app_name = "answer"
urlpatterns = [
    path("a", code_page.ask_for_code, name="code"),
    path("a/<str:code>", paper_page.paper_page, name="notice"),
    path("a/<str:code>/accept", paper_page.accept_by_paper, name="accept"),
    path("a/<str:code>/return", paper_page.return_by_paper, name="return"),
]
