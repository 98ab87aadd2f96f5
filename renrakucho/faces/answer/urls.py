"""The addresses that stand on paper, so they are short."""

from django.urls import path

from renrakucho.faces.answer import answer_actions, code_page

app_name = "answer"
urlpatterns = [
    path("a", code_page.ask_for_code, name="code"),
    path("a/<str:code>", answer_actions.paper_page, name="notice"),
    path("a/<str:code>/accept", answer_actions.accept_by_paper, name="accept"),
    path("a/<str:code>/return", answer_actions.return_by_paper, name="return"),
]
