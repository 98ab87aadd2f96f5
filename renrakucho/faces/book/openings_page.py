"""Openings of the book: when and with what it was opened, which one press closes everywhere else; and what the bureau
opened of it.
"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from renrakucho.faces.book.book_session import close_other_sessions, current_opening, needs_book
from renrakucho.faces.book.bureau_page import bureau_opening_lines
from renrakucho.mover.book_openings import DeviceKind, openings_of
from renrakucho.mover.models import Book

DEVICES = {
    DeviceKind.IPHONE: gettext_lazy("iPhone"),
    DeviceKind.IPAD: gettext_lazy("iPad"),
    DeviceKind.ANDROID_PHONE: gettext_lazy("Androidのスマートフォン"),
    DeviceKind.ANDROID_TABLET: gettext_lazy("Androidのタブレット"),
    DeviceKind.WINDOWS: gettext_lazy("Windowsのパソコン"),
    DeviceKind.MAC: gettext_lazy("Mac"),
    DeviceKind.CHROMEBOOK: gettext_lazy("Chromebook"),
    DeviceKind.LINUX: gettext_lazy("Linuxのパソコン"),
    DeviceKind.OTHER: gettext_lazy("分からない端末"),
}


@require_http_methods(["GET", "HEAD", "POST"])
@needs_book
def openings_page(request: HttpRequest, book: Book) -> HttpResponse:
    """Show the openings, newest first, with this browser's own marked. A POST closes all others."""
    if request.method == "POST":
        close_other_sessions(request, book)
        messages.success(request, _("ほかの端末で開いているれんらく帳を、すべて閉じました。"))
        return redirect("book:openings")
    this = current_opening(request)
    context = {
        "section": "book",
        "openings": [(each, DEVICES[DeviceKind(each.device)], each.id == this) for each in openings_of(book)],
        "bureau_openings": bureau_opening_lines(book),
        "messages": messages.get_messages(request),
    }
    return render(request, "book/openings.html", context)
