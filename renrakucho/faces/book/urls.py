"""Every address of the mover's face."""

from django.urls import path

from renrakucho.faces.book.apply import urls as apply
from renrakucho.faces.book.leaves import answers, handover, one, overview
from renrakucho.faces.book.login import login, logout
from renrakucho.faces.book.way_back import way_back

app_name = "book"
urlpatterns = [
    *apply.urlpatterns,
    path("book/", overview.overview, name="leaves"),
    path("book/login", login, name="login"),
    path("book/logout", logout, name="logout"),
    path("book/registered", overview.registered, name="registered"),
    path("book/notices/<uuid:notice_id>/", one.leaf, name="leaf"),
    path("book/notices/<uuid:notice_id>/answers", answers.answers, name="answers"),
    path("book/notices/<uuid:notice_id>/check", answers.check, name="notice_check"),
    path("book/notices/<uuid:notice_id>/handover", handover.handover, name="handover"),
    path("book/notices/<uuid:notice_id>/carry", handover.carried, name="carry"),
    path("book/notices/<uuid:notice_id>/own-word", one.done_there, name="own_word"),
    path("book/notices/<uuid:notice_id>/withdraw", one.take_back, name="withdraw"),
    path("return/<str:ticket>", way_back, name="way_back"),
]
