"""Held notices: what people hold at a sudden rise does not leave, and is released or refused, each act audited."""

import pytest
from django.db.models import Q
from django.test import Client

from renrakucho.delivery.deliver_notices import deliver_due_notices
from renrakucho.lib.sealing import SealBroken
from renrakucho.mail.mailbox_proof import store_proof
from renrakucho.mail.models import Mail, MailKind
from renrakucho.mail.mover_mail import read_mail
from renrakucho.mover.book import handed_out_key
from renrakucho.notice.models import Notice, SendingHold, Status
from renrakucho.notice.notice_form import draft_of, keep_draft
from renrakucho.page.formatting import format_moment
from renrakucho.provider.audit_log import AuditAction, AuditEntry
from renrakucho.provider.staff import BUREAU, StaffRole
from renrakucho.receipt import held_notices as held_notices_module
from renrakucho.receipt.event_feed import read_page
from renrakucho.receipt.held_notices import (
    EmptyHold,
    hold_sending,
    refuse_notice,
    release_hold,
    release_notice,
    tell_movers_of_holds,
)
from renrakucho.receipt.mover_actions import enter_notice, replace_notice
from renrakucho.receipt.notice_view import notice_view
from renrakucho.receipt.provider_actions import (
    answerable_notices,
    mail_mover_about,
    notices_on_desk,
    return_reason_of,
)
from renrakucho.receipt.transitions import provider_feed
from tests import cast
from tests.bureau.cast import at_bureau
from tests.desk.cast import AKISHIMA, YOKOSUKA, clerk, seated
from tests.receipt.cast import answered

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]

STOP = "water:stop:akishima-water"


def stop_notice(**items: str) -> Notice:
    notice = cast.registered(cast.leaving_akishima([STOP], **items)).notices.get()
    keep_draft(notice, answers={"visit": "希望しない"})
    return enter_notice(notice)


def fate(notice: Notice) -> tuple[str, bool]:
    deliver_due_notices("test")
    notice.refresh_from_db()
    return notice.status, notice.held_at is not None


def audited(action: AuditAction) -> list[tuple[str, str]]:
    return list(AuditEntry.objects.filter(deed=action).values_list("provider", "number"))


def test_a_desk_holds_what_waits_and_what_comes() -> None:
    before = enter_notice(answered())
    assert hold_sending(clerk(), "", "") == 1
    after = enter_notice(answered(contact__email="another@example.jp"))
    assert [fate(before), fate(after)] == [(Status.ENTERED, True)] * 2
    assert not notices_on_desk(AKISHIMA).exists()
    assert not answerable_notices(AKISHIMA).exists()
    assert read_page(provider_feed(AKISHIMA), None, 10, related=()).receipts == []
    assert notice_view(after).is_held
    assert audited(AuditAction.HELD) == [(AKISHIMA, before.number)]


def test_without_the_gate_a_held_notice_would_leave(monkeypatch: pytest.MonkeyPatch) -> None:
    hold_sending(clerk(), "", "")
    notice = enter_notice(answered())
    monkeypatch.setattr("renrakucho.delivery.delivery_lanes.MAY_LEAVE", ~Q(id=None))
    assert fate(notice)[0] == Status.SENT


def test_a_desk_holds_for_its_own_provider_whatever_it_names() -> None:
    hold_sending(clerk(), YOKOSUKA, "")
    assert SendingHold.objects.get().provider == AKISHIMA
    with pytest.raises(EmptyHold):
        hold_sending(at_bureau(), "", "")


def test_a_hold_for_one_home_keeps_no_other() -> None:
    mine = stop_notice()
    other = stop_notice(origin__block="9-9", contact__email="b@example.jp")
    hold_sending(at_bureau(), "", mine.origin_hash)
    again = stop_notice(contact__email="c@example.jp")
    assert [fate(each) for each in (mine, other, again)] == [
        (Status.ENTERED, True),
        (Status.SENT, False),
        (Status.ENTERED, True),
    ]


def test_the_end_of_a_hold_sends_all_that_no_other_hold_keeps() -> None:
    hold_sending(clerk(), "", "")
    mine, other = stop_notice(), stop_notice(origin__block="9-9", contact__email="b@example.jp")
    hold_sending(at_bureau(), "", mine.origin_hash)
    assert release_hold(clerk("second"), SendingHold.objects.get(provider=AKISHIMA)) == 1
    assert [fate(mine), fate(other)] == [(Status.ENTERED, True), (Status.SENT, False)]
    assert audited(AuditAction.HELD_RELEASED) == [(AKISHIMA, other.number)]


def test_one_is_released_while_the_hold_stands() -> None:
    hold_sending(clerk(), "", "")
    notice = stop_notice()
    assert [release_notice(clerk("second"), notice), release_notice(clerk("third"), notice)] == [True, False]
    assert fate(notice) == (Status.SENT, False)
    assert audited(AuditAction.HELD_RELEASED) == [(AKISHIMA, notice.number)]


def test_a_desk_refuses_with_a_reason_that_its_mover_reads() -> None:
    hold_sending(clerk(), "", "")
    notice = stop_notice()
    assert refuse_notice(clerk("second"), notice, "お電話ください。")
    assert fate(notice) == (Status.RETURNED, True)
    assert return_reason_of(notice) == "お電話ください。"
    assert Mail.objects.filter(kind=MailKind.RETURN, about=notice.id).count() == 1
    assert not refuse_notice(clerk("third"), notice, "もう一度")
    assert audited(AuditAction.HELD_REFUSED) == [(AKISHIMA, notice.number)]


def test_the_bureau_refuses_and_the_mover_is_asked_to_telephone() -> None:
    bureau = at_bureau()
    hold_sending(bureau, AKISHIMA, "")
    notice = stop_notice()
    refuse_notice(bureau, notice)
    assert fate(notice)[0] == Status.UNDELIVERED
    assert not answerable_notices(AKISHIMA).exists()  # nor can the provider's system fetch it
    assert not Mail.objects.filter(kind=MailKind.UNDELIVERED).exists()  # it would say that it was sent
    mail = read_mail(Mail.objects.get(kind=MailKind.NOT_SENT, about=notice.id))
    assert "引越れんらく帳からは送りませんでした" in mail["text"]
    assert "お電話でご連絡ください" in mail["text"]
    assert all(f"事業者の電話: {phone}" in mail["text"] for phone in draft_of(notice).card.phones)
    assert notice_view(notice).was_refused_here
    assert audited(AuditAction.HELD_REFUSED) == [(BUREAU, notice.number)]
    new = replace_notice(Notice.objects.get(id=notice.id))
    assert fate(new) == (Status.ENTERED, True)  # written anew, it waits for people again


def told_of_holds() -> list[str]:
    tell_movers_of_holds()
    return [read_mail(mail)["text"] for mail in Mail.objects.filter(kind=MailKind.HELD)]


def test_a_mover_is_mailed_once_that_a_notice_is_held() -> None:
    hold_sending(clerk(), "", "")
    notice = stop_notice()
    (text,) = told_of_holds()
    assert "送る前に、人が確かめています。まだ届いていません。" in text
    assert notice.held_at
    assert f"{format_moment(notice.held_at)}から、お預かりしています。" in text
    assert all(f"事業者の電話: {phone}" in text for phone in draft_of(notice).card.phones)
    assert len(told_of_holds()) == 1


def test_a_hold_that_is_placed_later_is_told_too_and_what_was_let_go_is_not() -> None:
    stop_notice()
    assert told_of_holds() == []
    hold_sending(clerk(), "", "")
    release_hold(clerk("second"), SendingHold.objects.get())
    assert told_of_holds() == []
    hold_sending(clerk("third"), "", "")
    assert len(told_of_holds()) == 1


def test_whoever_has_not_proved_the_mailbox_is_told_nothing() -> None:
    hold_sending(clerk(), "", "")
    notice = stop_notice()
    cast.unprove(notice.book)
    assert told_of_holds() == []
    store_proof(notice.book)
    assert len(told_of_holds()) == 1


def test_one_book_that_does_not_open_keeps_nobody_else_from_being_told(monkeypatch: pytest.MonkeyPatch) -> None:
    hold_sending(clerk(), "", "")
    first, _second = stop_notice(), stop_notice(contact__email="b@example.jp")

    def broken(notice: Notice, kind: MailKind) -> None:
        if notice.id == first.id:
            raise SealBroken
        mail_mover_about(notice, kind)

    monkeypatch.setattr(held_notices_module, "mail_mover_about", broken)
    assert tell_movers_of_holds() == 1


def page_of(client: Client, notice: Notice) -> str:
    client.post("/book/login", {"email": cast.EMAIL, "access_key": handed_out_key(notice.book)})
    return client.get(f"/book/notices/{notice.id}/").text


def test_the_movers_page_says_since_when_it_is_held_and_that_nothing_was_told(client: Client) -> None:
    hold_sending(clerk(), "", "")
    notice = stop_notice()
    page = page_of(client, notice)
    assert notice.held_at
    assert f"{format_moment(notice.held_at)}から、まちがいがないか確かめています" in page
    assert "まだ伝えていません" in page
    assert "この事業者に伝えたのは" not in page
    assert "送る前に、人が確かめています" in client.get("/book/").text
    disclosed = client.get("/book/disclosure").text
    assert "項目を確認しました。事業者に届いた記録は、まだありません。" in disclosed
    assert "項目を伝えました。" not in disclosed


def test_the_movers_page_says_that_a_refused_notice_was_never_sent(client: Client) -> None:
    bureau = at_bureau()
    hold_sending(bureau, AKISHIMA, "")
    notice = stop_notice()
    refuse_notice(bureau, notice)
    page = page_of(client, notice)
    assert "ここからは送りませんでした" in page
    assert "事業者には何も届いていません" in page
    assert "届いていないようです" not in page
    assert "届けられませんでした" not in page
    assert "ここからは送りませんでした" in client.get("/book/").text


def acts(browser: Client, **typed: object) -> str:
    return browser.post("/desk/rises/act", typed, follow=True).content.decode()


def test_the_desks_page_holds_sends_and_refuses() -> None:
    browser = seated(clerk())
    assert "これから入るものも止めます" in acts(browser, act="hold", rise=f"{AKISHIMA}|")
    first, second = stop_notice(), stop_notice(contact__email="b@example.jp")
    page = browser.get("/desk/rises").content.decode()
    assert "待っているれんらく（2件）" in page
    assert "メールアドレス: 届いた番号で確かめました" in page
    assert "何をなおせばよいか" in acts(browser, act="refuse", id=str(first.id), reason="")
    assert "1件を断りました" in acts(browser, act="refuse", id=str(first.id), reason="お電話ください。")
    assert "1件をいま送ります" in acts(browser, act="send", id=[str(second.id), "x"])
    assert "何も選ばれていないか" in acts(browser, act="send", id=str(second.id))
    assert "止めるのをやめました" in acts(browser, act="end", hold=str(SendingHold.objects.get().id))
    assert [fate(first)[0], fate(second)[0]] == [Status.RETURNED, Status.SENT]


def test_another_desk_ends_no_hold_of_this_one_and_sends_nothing_of_it() -> None:
    hold_sending(clerk(), "", "")
    notice, other = stop_notice(), seated(clerk("yokosuka", provider=YOKOSUKA))
    acts(other, act="end", hold=str(SendingHold.objects.get().id))
    acts(other, act="send", id=str(notice.id))
    assert fate(notice) == (Status.ENTERED, True)


def test_a_watcher_of_the_bureau_sees_and_cannot_act() -> None:
    hold_sending(at_bureau(), AKISHIMA, "")
    notice, watcher = stop_notice(), seated(at_bureau(StaffRole.WATCHER))
    page = watcher.get("/bureau/rises").content.decode()
    assert notice.number[:4] in page
    assert "選んだものを送る" not in page
    assert watcher.post("/bureau/rises/act", {"act": "send", "id": str(notice.id)}).status_code == 403
