"""URLs of the mover's pages: the application, then the book."""

from django.urls import path

from renrakucho.faces.book import disclosure_page
from renrakucho.faces.book.apply.addresses_page import addresses_page
from renrakucho.faces.book.apply.helper_page import helper_page
from renrakucho.faces.book.apply.items_page import items_page
from renrakucho.faces.book.apply.mailbox_page import mailbox_page
from renrakucho.faces.book.apply.providers_page import providers_page
from renrakucho.faces.book.apply.registration_page import registration_page
from renrakucho.faces.book.apply.top_page import erase_draft, top_page
from renrakucho.faces.book.apply.wishes_page import wishes_page
from renrakucho.faces.book.bureau_page import bureau_page
from renrakucho.faces.book.erase_page import erase_book_page
from renrakucho.faces.book.hidden_move_page import hidden_move_page
from renrakucho.faces.book.holder_pages import holder_answer_page, holder_page
from renrakucho.faces.book.identity_pages import begin_identity_login, identity_callback, identity_page
from renrakucho.faces.book.language import change_language
from renrakucho.faces.book.leave_page import leave_page
from renrakucho.faces.book.lost_key import lost_key_page, lost_key_sent_page, new_key_page, new_key_shown_page
from renrakucho.faces.book.mailbox_links import confirm_page, not_mine_page, stop_page
from renrakucho.faces.book.notices import book_page, handoff_pages, notice_page, own_items_page
from renrakucho.faces.book.notices.return_link_page import return_link_page
from renrakucho.faces.book.open_book import close_book, open_book_page, stay_open
from renrakucho.faces.book.openings_page import openings_page
from renrakucho.faces.book.shared_computer import begin_shared_page, end_shared_page, shared_ended_page
from renrakucho.faces.book.timeline import calendar_feed_page, things_to_have_page, timeline_page

app_name = "book"
urlpatterns = [
    path("", top_page, name="top"),
    path("apply/", wishes_page, name="wishes"),
    path("apply/addresses", addresses_page, name="addresses"),
    path("apply/providers", providers_page, name="providers"),
    path("apply/items", items_page, name="items"),
    path("apply/check", registration_page, name="check"),
    path("apply/helper", helper_page, name="helper"),
    path("apply/erase", erase_draft, name="erase"),
    path("book/", book_page.book_page, name="leaves"),
    path("todo", timeline_page.timeline_page, name="timeline"),
    path("todo/done", timeline_page.mark_task_page, name="mark_task"),
    path("todo.ics", timeline_page.timeline_calendar, name="timeline_calendar"),
    path("todo.csv", timeline_page.timeline_csv, name="timeline_csv"),
    path("todo/ready", things_to_have_page.things_to_have_page, name="things_to_have"),
    path("todo/calendar", calendar_feed_page.mark_feed_page, name="mark_feed"),
    path("calendar/<str:code>", calendar_feed_page.calendar_feed_page, name="calendar_feed"),
    path("hidden-move/", hidden_move_page, name="hidden_move"),
    path("shared-computer", begin_shared_page, name="begin_shared"),
    path("shared-computer/end", end_shared_page, name="end_shared"),
    path("shared-computer/ended", shared_ended_page, name="shared_ended"),
    path("language", change_language, name="language"),
    path("leave", leave_page, name="leave"),
    path("book/login", open_book_page, name="login"),
    path("book/stay-open", stay_open, name="stay_open"),
    path("book/lost-key", lost_key_page, name="lost_key"),
    path("book/lost-key/sent", lost_key_sent_page, name="lost_key_sent"),
    path("book/new-key", new_key_shown_page, name="new_key_shown"),
    path("book/new-key/<str:token>", new_key_page, name="new_key"),
    path("book/mailbox", mailbox_page, name="mailbox"),
    path("book/confirm", confirm_page, name="confirm"),
    path("book/not-mine", not_mine_page, name="not_mine"),
    path("stop", stop_page, name="stop"),  # as postcards have it: short enough to type
    path("book/holder", holder_page, name="holder"),
    path("book/holder-answer", holder_answer_page, name="holder_answer"),
    path("book/identity", identity_page, name="identity"),
    path("book/identity/<slug:issuer>", begin_identity_login, name="begin_identity"),
    path("book/identity/<slug:issuer>/callback", identity_callback, name="identity_callback"),
    path("book/logout", close_book, name="logout"),
    path("book/erase", erase_book_page, name="erase_book"),
    path("book/openings", openings_page, name="openings"),
    path("book/bureau", bureau_page, name="bureau"),
    path("book/sequence", handoff_pages.sequence_page, name="sequence"),
    path("book/registered", book_page.registered_page, name="registered"),
    path("book/disclosure", disclosure_page.disclosure_page, name="disclosure"),
    path("book/disclosure.json", disclosure_page.disclosure_file, {"kind": "json"}, name="disclosure_json"),
    path("book/disclosure.pdf", disclosure_page.disclosure_file, {"kind": "pdf"}, name="disclosure_pdf"),
    path("book/notices/<uuid:notice_id>/", notice_page.notice_page, name="leaf"),
    path("book/notices/<uuid:notice_id>/answers", own_items_page.own_items_page, name="answers"),
    path("book/notices/<uuid:notice_id>/check", own_items_page.confirm_notice_page, name="notice_check"),
    path("book/notices/<uuid:notice_id>/handover", handoff_pages.handoff_page, name="handover"),
    path("book/notices/<uuid:notice_id>/carry", handoff_pages.handoff_form_page, name="carry"),
    path("book/notices/<uuid:notice_id>/own-word", notice_page.record_done_there, name="own_word"),
    path("book/notices/<uuid:notice_id>/another", notice_page.add_contract_page, name="another"),
    path("book/notices/<uuid:notice_id>/name", notice_page.rename_contract_page, name="rename"),
    path("book/notices/<uuid:notice_id>/again", notice_page.ask_again_page, name="ask_again"),
    path("book/notices/<uuid:notice_id>/new-address", notice_page.tell_address_page, name="tell_address"),
    path("book/notices/<uuid:notice_id>/withdraw", notice_page.withdraw_page, name="withdraw"),
    path("return/<str:ticket>", return_link_page, name="way_back"),
]
