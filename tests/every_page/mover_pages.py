"""The mover's pages: the application with and without errors, the book, and a notice in each status."""

from collections.abc import Callable

from django.utils import timezone

from renrakucho.lib.signing import sign_parts
from renrakucho.mail.book_login import mail_key_links
from renrakucho.mail.models import Mail, MailKind
from renrakucho.mail.mover_mail import read_mail
from renrakucho.notice.connected_providers import connection_of
from renrakucho.notice.models import Notice
from renrakucho.notice.notice_form import frozen_form, keep_draft
from renrakucho.notice.registration import register_book
from renrakucho.receipt.bureau_opening import ask_opening, make_code, open_by_code
from renrakucho.receipt.evidence import OwnWord
from renrakucho.receipt.held_notices import hold_sending, refuse_notice
from renrakucho.receipt.models import ReceiptKind
from renrakucho.receipt.mover_actions import enter_notice, hand_over_notice, record_own_word, withdraw_notice
from renrakucho.receipt.transitions import record_receipt
from renrakucho.timeline.task_rules import OTHER, task_rules
from tests import cast
from tests.book.identity_cast import asking_provider, leave, logged_in
from tests.book.opened import mailed_code
from tests.book_apply.flow import ORIGIN, USUAL, Applicant, day, in_days, typed
from tests.bureau.cast import at_bureau
from tests.desk.cast import clerk
from tests.every_page.cast import LONG_HOME, LONG_NAME, Reader, ShownPage, mover_with
from tests.forged_issuer import forged_issuer
from tests.receipt.cast import accept_notice, answers_of, return_notice

STOP, START = "water:stop:tokyo-waterworks", "water:start:akishima-water"
FULL = [*cast.ALL, "credit_card:change:jcb", "credit_card:change:nicos", "credit_card:change:mitsui-sumitomo"]
FULL += ["credit_card:change:dc-card", "telephone:change:fusion", "internet:change:dti"]


def application_pages() -> list[ShownPage]:
    """From the top page to the registered book."""
    reader = Reader("applicant")
    applicant = Applicant(reader.client)
    reader.look("/")
    reader.send("/", {"origin": "12", "destination": "9999999"})
    reader.look("/apply/")
    reader.send("/apply/")
    applicant.to_addresses([*USUAL, "broadcasting", "credit_card"])
    reader.look("/apply/addresses")
    reader.send("/apply/addresses", {"origin-postal_code": "12"})
    reader.send("/apply/addresses", {"origin-postal_code": ORIGIN, "destination-postal_code": "438-0086"}, status=200)
    applicant.to_providers([*USUAL, "broadcasting", "credit_card"])
    reader.look("/apply/providers")
    reader.send("/apply/providers")
    far = Reader("applicant from afar")
    far.client.post("/", {"origin": "060-0001", "destination": ORIGIN})
    far.look("/apply/", "/apply/providers")
    one_end = Reader("applicant with one end")
    Applicant(one_end.client).to_addresses(["gas:leaving"])
    one_end.client.post("/apply/addresses", {"origin-postal_code": ORIGIN})
    one_end.look("/apply/providers")
    one_end.client.post("/apply/providers", {"chosen": ["gas:stop:tokyo-gas"]})
    one_end.look("/apply/items")
    puzzled = Reader("applicant without a municipality")
    Applicant(puzzled.client).to_addresses()
    puzzled.send("/apply/addresses", {"origin-postal_code": "二番町5-6", "destination-postal_code": ORIGIN}, status=200)
    puzzled.send("/apply/addresses", {"origin-postal_code": "一丁目1-1"})
    applicant.to_items()
    reader.look("/apply/items")
    reader.send("/apply/items")
    reader.send("/apply/items", typed(contact__phone="1", contact__email="x", leave=in_days(-400)))
    applicant.to_check(**LONG_NAME, **LONG_HOME)
    reader.look("/apply/check", "/apply/helper")
    reader.send("/apply/helper", {"role": "company"})
    helper = {"role": "company", "name": "昭和電機株式会社人事部", "phone": "042-544-1111", "relation": "人事部"}
    reader.send("/apply/helper", helper, status=200)
    reader.send("/apply/check", status=200)
    reader.look("/book/")
    reader.send("/book/mailbox", {"mailbox_code": "x"})
    reader.send("/book/mailbox", {"email": "x"})
    reader.look(f"{_address_of(START)}answers")
    reader.send(f"{_address_of(START)}answers", {"next_payment": "slip", "mailbox_code": ""})
    reader.send("/book/mailbox", {"mailbox_code": mailed_code()}, status=200)
    reader.look("/apply/check", "/book/openings")
    reader.send("/apply/items", typed(contact__email="new@example.jp"))
    return reader.shown + mailed_link_pages() + far.shown + one_end.shown + puzzled.shown


def mailed_link_pages() -> list[ShownPage]:
    """Where the links of mails lead: in another browser than the one that registered."""
    reader, owner = Reader("mover on a telephone"), Reader("owner of a mailbox")
    register_book(cast.draft([START], contact__email="phone@example.jp"))
    link, report = _mailed("confirm"), _mailed("not-mine")
    reader.look("/book/confirm")
    reader.send("/book/confirm", {"text": "x"})
    reader.send("/book/confirm", {"text": link}, status=200)
    owner.look("/book/not-mine")
    owner.send("/book/not-mine", {"text": "x"})
    owner.look("/stop")
    owner.send("/stop", {"text": "x"})
    owner.send("/book/not-mine", {"text": report}, status=200)
    told, notices = mover_with([START, STOP], "mover whose mailbox is another's", contact__email="other@example.jp")
    hand_over_notice(_notice(notices[STOP]))
    accept_notice(_sent(_notice(notices[START])), clerk("a-9"), "昭水-9")
    owner.send("/book/not-mine", {"text": _mailed("not-mine")}, status=200)
    return reader.shown + owner.shown + told.shown + shared_computer_pages()


def shared_computer_pages() -> list[ShownPage]:
    """A mover at a computer that others use."""
    reader = Reader("mover at a shared computer")
    reader.client.post("/shared-computer", {"next": "/"})
    reader.look("/")
    Applicant(reader.client).to_items()
    reader.look("/apply/items", "/search")
    reader.client.post("/shared-computer/end")
    reader.look("/shared-computer/ended")
    return reader.shown


def holder_pages() -> list[ShownPage]:
    """Another adult holds the contracts: their mover asks them, and they answer."""
    holder = {"holder__same": "no", "holder__family_name": "山田", "holder__given_name": "花子"}
    holder |= {"holder__family_kana": "ヤマダ", "holder__given_kana": "ハナコ"}
    mover, notices = mover_with([START], "mover of another's contract", **holder, **LONG_NAME)
    _enter(_notice(notices[START]))
    mover.look("/book/", notices[START], "/book/holder")
    mover.send("/book/holder", {"email": "x"})
    mover.send("/book/holder", {"email": cast.EMAIL})
    mover.send("/book/holder", {"email": "hanako@example.jp"}, status=200)
    link, owner = _mailed("holder-answer"), Reader("holder of a contract")
    owner.look("/book/holder-answer")
    owner.send("/book/holder-answer", {"text": "x"})
    owner.send("/book/holder-answer", {"text": link}, status=200)
    owner.send("/book/holder-answer", {"text": link, "answer": "yes"}, status=200)
    mover.look("/book/holder")
    owner.send("/book/holder-answer", {"text": link, "answer": "no"}, status=200)
    mover.look("/book/holder", "/book/")
    return mover.shown + owner.shown


def identity_pages() -> list[ShownPage]:
    """A provider asks for an identity login: before the sending, the way to the issuer, what matched and what not."""
    with forged_issuer() as forged, asking_provider(forged.address):
        mover, notices = mover_with([START], "mover whose provider asks for a login", **LONG_NAME)
        mover.look("/book/identity", notices[START], f"{notices[START]}answers")
        _enter(_notice(notices[START]))
        mover.look("/book/", notices[START], "/book/identity")
        mover.send("/book/identity/card", {}, status=200)
        mover.client.get("/book/identity/card/callback", leave(mover.client, forged))  # another person's
        mover.look("/book/identity")
        holder = {"person__family_name": "髙﨑", "person__given_name": "太郎"}
        proved, pages = mover_with([START], "mover who has logged in", **holder)
        logged_in(proved.client, forged)
        proved.look("/book/identity", pages[START], f"{pages[START]}answers")
        _enter(_notice(pages[START]))
        proved.look("/book/identity", pages[START])
    return mover.shown + proved.shown


def _address_of(offer: str) -> str:
    return f"/book/notices/{Notice.objects.filter(offer=offer).latest('created_at').id}/"


def _mailed(page: str) -> str:
    """The text behind «#» in the latest mail's link to this page."""
    text = read_mail(Mail.objects.filter(sealed__isnull=False).latest("id"))["text"]
    return text.partition(f"/book/{page}#")[2].split()[0]


def book_pages() -> list[ShownPage]:
    """A book with everybody in it, one with nothing in it, and the way into it."""
    reader, notices = mover_with(FULL, "mover", **LONG_NAME, **LONG_HOME)
    reader.look("/book/", "/book/sequence", *notices.values())
    for offer, page in notices.items():
        notice = _notice(page)
        inner = "handover" if offer in cast.ALL and offer != START and "nhk" not in offer else ""
        reader.look(f"{page}withdraw", *([f"{page}{inner}"] if inner else []))
        assert notice.offer == offer
    reader.look(f"{notices[START]}answers")
    reader.send(f"{notices[START]}answers")
    card = notices["credit_card:change:jcb"]
    reader.send(f"{card}another")
    reader.send(f"{card}another", {"called": "2枚めのカード"}, status=200)
    reader.send(f"{reader.shown[-1].address}name")
    reader.look("/book/", f"{reader.shown[-2].address}withdraw")
    empty, _none = mover_with([], "mover without notices")
    empty.look("/book/", "/book/disclosure", "/book/bureau")
    return reader.shown + empty.shown + login_pages() + timeline_pages() + hidden_move_pages()


def bureau_opening_pages() -> list[ShownPage]:
    """The mover lets the bureau look at a notice, sees what it opened, and ends it."""
    mover, notices = mover_with([START], "mover who telephones", **LONG_NAME, **LONG_HOME)
    notice = _sent(_notice(notices[START]))
    mover.look("/book/bureau")
    mover.send("/book/bureau", {"act": "make"}, status=200)
    mover.send("/book/bureau", {"act": "take-back"}, status=200)
    operator, other = at_bureau(login_id="first"), at_bureau(login_id="second")
    ask_opening(operator, notice, "事業者から、届いた様式が空だと連絡があったため")
    opening = open_by_code(other, notice, "お客さまから電話があったため", make_code(notice.book))
    mover.look("/book/openings", "/book/bureau")
    mover.send("/book/bureau", {"act": "end", "opening": str(opening.id)}, status=200)
    mover.look("/book/disclosure")
    return mover.shown


def held_pages() -> list[ShownPage]:
    """A notice that people hold before it leaves, and one that the bureau has refused."""
    mover, notices = mover_with([START, "electricity:start:tepco-ep"], "mover at a sudden rise", **LONG_NAME)
    bureau = at_bureau(login_id="third")
    hold_sending(bureau, "akishima-water", "")
    notice = _enter(_notice(notices[START]))
    mover.look("/book/", notices[START], "/book/disclosure")
    refuse_notice(bureau, notice)
    mover.look("/book/", notices[START], "/book/disclosure")
    return mover.shown


def hidden_move_pages() -> list[ShownPage]:
    """A move that somebody must not hear of: the help, the choice, and a notice before and after it is told."""
    reader = Reader("somebody in hiding")
    reader.look("/hidden-move/")
    reader.send("/hidden-move/", status=200)
    mover, notices = mover_with([STOP, START], "mover in hiding")
    mover.client.post("/hidden-move/")
    mover.look("/hidden-move/", *notices.values())
    mover.send(f"{notices[START]}new-address", {"tell": "yes"}, status=200)
    return reader.shown + mover.shown


def timeline_pages() -> list[ShownPage]:
    """The to-do list: asked for, with errors, with everything in it, with a task done and with late ones."""
    reader, late = Reader("planner"), Reader("planner who is late")
    reader.look("/todo")
    reader.send("/todo", {"leave_on_1": "13", "leave_on_2": "1"})
    answers = {"municipality": OTHER, "household": [question.id for question in task_rules().questions]}
    ahead = day("leave_on", in_days(12)) | day("arrive_on", in_days(13)) | answers
    reader.send("/todo", ahead, status=200)
    reader.send("/todo/done", {"task": "post", "done": "yes"}, status=200)
    past = day("leave_on", in_days(-40)) | day("arrive_on", in_days(-39)) | answers
    late.send("/todo", past, status=200)
    mover, _notices = mover_with([STOP, START], "mover with a calendar")
    mover.look("/todo")
    mover.client.post("/todo/calendar", {"feed": "begin"})
    mover.look("/todo")
    mover.look("/todo/ready")
    reader.look("/todo/ready")
    return reader.shown + late.shown + mover.shown


def login_pages() -> list[ShownPage]:
    """The way into a book, with errors, and after it has closed."""
    reader = Reader("mover outside")
    reader.look("/book/login")
    reader.send("/book/login", {"email": "x", "access_key": "1"})
    late, notices = mover_with([START], "mover who is late")
    late.client.post("/book/logout")
    late.send(f"{notices[START]}answers", {"next_payment": "slip"}, status=200)
    return reader.shown + late.shown + lost_key_pages()


def lost_key_pages() -> list[ShownPage]:
    """A new access key, by a mailed link."""
    mover_with([START], "mover with a lost key")
    reader = Reader("mover without a key")
    reader.look("/book/lost-key")
    reader.send("/book/lost-key", {"email": "x"})
    reader.send("/book/lost-key", {"email": cast.EMAIL}, status=200)
    mail_key_links()
    mail = read_mail(Mail.objects.filter(kind=MailKind.KEY_LINK).latest("id"))["text"]
    link = "/book/new-key/" + mail.partition("/book/new-key/")[2].split()[0]
    reader.look(link)
    reader.send(link, status=200)
    reader.look(link, status=404)
    return reader.shown


def replacement_pages() -> list[ShownPage]:
    """What a form cannot write, and what can be said instead."""
    reader, notices = mover_with([STOP], "mover with a rare name", **LONG_NAME)
    page = f"{notices[STOP]}handover"
    reader.look(page)
    reader.send(page, {"instead": "1"})
    return reader.shown


def check_pages() -> list[ShownPage]:
    """A desk's notice before it is sent, and its change afterwards."""
    reader, notices = mover_with([START], "mover at a desk", **LONG_NAME, **LONG_HOME)
    notice = _notice(notices[START])
    keep_draft(notice, answers=answers_of(notice))
    reader.look(f"{notices[START]}check")
    enter_notice(notice)
    reader.look(f"{notices[START]}answers", f"{notices[START]}check", f"{notices[START]}withdraw", "/book/disclosure")
    return reader.shown


def status_pages() -> list[ShownPage]:
    """The book and the notice's page in each status, and the pages that lead there."""
    states: dict[str, tuple[str, Callable[[Notice], object]]] = {
        "not entered": (START, lambda notice: None),
        "entered": (START, _enter),
        "sent": (START, _sent),
        "not answered": (START, lambda notice: _not_answered(_sent(notice))),
        "accepted": (START, lambda notice: accept_notice(_sent(notice), clerk("a-1"), "昭水-2026-0042")),
        "returned": (START, lambda notice: return_notice(_sent(notice), clerk("a-2"), "お客さま番号がちがいます")),
        "undelivered": (START, lambda notice: record_receipt(_enter(notice), ReceiptKind.UNDELIVERED)),
        "withdrawn": (START, lambda notice: withdraw_notice(_sent(notice))),
        "handed over": (STOP, hand_over_notice),
        "own word": (STOP, lambda notice: record_own_word(hand_over_notice(notice), OwnWord("W-7"))),
    }
    shown = []
    for name, (offer, happens) in states.items():
        reader, notices = mover_with([offer], f"mover: {name}", **LONG_NAME if offer == START else {})
        happens(_notice(notices[offer]))
        reader.look("/book/", notices[offer], "/book/erase")
        if name == "handed over":
            reader.look(f"{notices[offer]}carry", f"{notices[offer]}withdraw")
            reader.client.post(f"{notices[offer]}withdraw")
            reader.look("/book/", notices[offer], "/apply/check")
        shown += reader.shown
    return shown


def return_pages() -> list[ShownPage]:
    """Back from the provider: signed, unsigned and with a wrong signature; the book open and closed."""
    shown = []
    for name in ("signed", "unsigned", "wrongly signed"):
        reader, notices = mover_with([STOP], f"mover back, {name}")
        notice = hand_over_notice(_notice(notices[STOP]))
        way = next(line.text for line in frozen_form(notice).lines if "/return/" in line.text)
        path, connection = f"/return/{way.rpartition('/')[2]}", connection_of(notice.provider)
        assert connection
        at = str(int(timezone.now().timestamp()))
        signature = sign_parts(connection.secret, path.rpartition("/")[2], "W-7", at)
        query = {
            "signed": f"?number=W-7&at={at}&signature={signature}",
            "unsigned": "",
            "wrongly signed": "?number=1&at=1&signature=1",
        }
        outside = Reader(f"mover outside, {name}")
        outside.look(path + query[name], status=400 if name == "wrongly signed" else 200)
        reader.client.get(path + query[name])
        reader.look(notices[STOP])
        shown += outside.shown + reader.shown
    return shown


def _notice(page: str) -> Notice:
    return Notice.objects.get(id=page.strip("/").rpartition("/")[2])


def _not_answered(notice: Notice) -> None:
    Notice.objects.filter(id=notice.id).update(phone_at=timezone.now())


def _enter(notice: Notice) -> Notice:
    keep_draft(notice, answers=answers_of(notice))
    return enter_notice(notice)


def _sent(notice: Notice) -> Notice:
    record_receipt(_enter(notice), ReceiptKind.SENT)
    return Notice.objects.get(id=notice.id)
