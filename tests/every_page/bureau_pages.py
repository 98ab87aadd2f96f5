"""The bureau: logging in, how everything stands, one number, one provider, what was done, with and without trouble."""

from datetime import timedelta

from django.test import override_settings
from django.utils import timezone

from renrakucho.channel.outcome import OutcomeKind
from renrakucho.delivery.models import Attempt, DeliveryLane
from renrakucho.delivery.retry_policy import LEASE_SECONDS
from renrakucho.faces.bureau.act_table import ACTS
from renrakucho.monitoring.models import BackupMark
from renrakucho.monitoring.worker_heartbeat import record_heartbeat
from renrakucho.notice.models import Destination, Notice
from renrakucho.notice.operator_acts import pause_lanes
from renrakucho.notice.operator_decisions import DecisionKind, OperatorDecision
from renrakucho.notice.postcard import PostcardBatch
from renrakucho.provider.staff import BUREAU, Staff, StaffRole
from renrakucho.provider.staff_invitation import create_invitation
from renrakucho.receipt.bureau_opening import approve_opening, ask_opening, make_code
from renrakucho.receipt.models import Disavowal
from renrakucho.receipt.postcard_batch import make_batch
from tests.account.authenticator import Authenticator, with_passkey
from tests.bureau.cast import at_bureau
from tests.cast import book as registered_book
from tests.cast import notice as entered_notice
from tests.delivery.cast import entered
from tests.desk.cast import AKISHIMA, PASSWORD, YOKOSUKA, administrator, seated, sent
from tests.every_page.cast import LONG_HOME, LONG_NAME, Reader, ShownPage
from tests.receipt.cast import accept_notice

LONG_SENTENCE = (
    "水道局のシステムの入れ替えのため、12月1日の朝6時まで送信を止めています。お急ぎの方はお電話でお伝えください。"
)


def bureau_pages() -> list[ShownPage]:
    """A quiet morning, then a night on which nothing moves."""
    quiet = Reader("watcher on a quiet day", seated(at_bureau(StaffRole.WATCHER)))
    BackupMark.objects.create(marked_at=timezone.now())
    record_heartbeat("web-1:4711", timezone.now(), {})
    quiet.look("/bureau/", "/bureau/notices", "/bureau/lanes")
    accepted, stuck = (sent(answers=None, **LONG_NAME, **LONG_HOME) for _time in range(2))
    accept_notice(accepted, administrator("chief-3", name="勅使河原 𠮷右衛門"), "昭水-2026-0042")
    trouble(stuck)
    Disavowal.objects.create(
        report_hash="x", reported_at=timezone.now(), was_proved=True, notices=3, withdrawn=2, accepted=1
    )
    pause_lanes(None, provider=YOKOSUKA, sentence=LONG_SENTENCE)
    reader = Reader("operator", seated(at_bureau(name="勅使河原 𠮷右衛門")))
    reader.look("/bureau/", "/bureau/lanes", f"/bureau/providers/{AKISHIMA}/", f"/bureau/providers/{YOKOSUKA}/")
    reader.look(f"/bureau/notices?number={stuck.number}", "/bureau/notices?number=000000000000")
    reader.look("/bureau/notices?number=12", status=422)
    reader.look("/bureau/record", f"/bureau/record?number={stuck.number}")
    opening = ask_opening(Staff.objects.get(login_id="bureau-operator"), stuck, LONG_SENTENCE)
    approve_opening(at_bureau(login_id="second"), opening)
    reader.look("/bureau/openings", f"/bureau/openings/{opening.id}", "/bureau/postcards")
    with override_settings(POSTCARD_SENDER="〒100-0001 東京都千代田区千代田1-1 ひっこし事務局"):
        registered_book(**LONG_NAME, **LONG_HOME)
        make_batch(Staff.objects.get(login_id="bureau-operator"))
        PostcardBatch.objects.update(unprintable=1)
        reader.look("/bureau/postcards")
    return quiet.shown + reader.shown


def trouble(notice: Notice) -> None:
    """Three pushes that reached nobody, and others due for three hours; a worker that is silent."""
    now = timezone.now()
    for ordinal in range(40, 72):
        answer = "503 … application json / error maintenance …" if ordinal % 2 else "ConnectTimeout"
        attempt = Attempt.objects.create(
            notice=notice,
            ordinal=ordinal,
            started_at=now - timedelta(minutes=75 - ordinal),
            recorded_at=now - timedelta(minutes=75 - ordinal),
            outcome=OutcomeKind.TRY_LATER if ordinal % 2 else OutcomeKind.UNKNOWN,
            answer=answer,
        )
    lanes = DeliveryLane.objects.filter(provider=notice.provider)
    lanes.update(failures=5, first_failed_at=now - timedelta(minutes=50), last_failed=attempt)
    for provider in (AKISHIMA, YOKOSUKA):
        waiting = entered_notice("water:start:akishima-water")
        due = {"due_at": now - timedelta(hours=3), "channel": "webhook", "provider": provider}
        Notice.objects.filter(id=waiting.id).update(status="entered", written_at=now - timedelta(days=16), **due)
    Notice.objects.filter(id=waiting.id).update(status="handed_over", due_at=None)
    Notice.objects.filter(id=notice.id).update(answer_due_at=now - timedelta(days=2))
    record_heartbeat("web-2:4712", now, {"deliver mail": 4})
    assert LEASE_SECONDS < 600


def begin_waiting(provider: str) -> None:
    """Where the provider's notices go was changed, and nobody has confirmed it yet."""
    now = timezone.now()
    Destination.objects.create(
        provider=provider, in_force="a", pending="b", found_at=now, matures_at=now + timedelta(hours=72)
    )
    OperatorDecision.objects.create(
        kind=DecisionKind.DESTINATION, provider=provider, sentence="送り先を確かめています。", begins_at=now
    )


def act_pages() -> list[ShownPage]:
    """The operator's acts: what holds, each form with and without mistakes, and its confirmation."""
    reader = Reader("operator who acts", seated(at_bureau(login_id="acting")))
    reader.look("/bureau/acts")
    waiting = entered()
    Notice.objects.filter(id=waiting.id).update(channel="webhook", due_at=timezone.now() + timedelta(hours=1))
    reader.look(f"/bureau/notices?number={waiting.number}")
    said = {"provider": AKISHIMA, "channel": "webhook", "sentence": LONG_SENTENCE, "english": "No sending until 6:00."}
    said |= {"procedure": "start", "mail": "bureau@example.jp"}
    numbered = {"switch": {"number": waiting.number, "channel": "inbox"}}
    code = make_code(waiting.book)
    numbered["open-by-code"] = {"number": waiting.number, "reason": LONG_SENTENCE, "code": code}
    numbered["open"] = {"number": waiting.number, "reason": LONG_SENTENCE}
    for name, act in ACTS.items():
        if act.offered:
            reader.look(f"/bureau/acts/{name}?provider={AKISHIMA}")
            reader.send(f"/bureau/acts/{name}", {"sentence": "長" * 300, "provider": "x", "ends_at": "x"})
            reader.send(f"/bureau/acts/{name}", numbered.get(name, said), status=200)
    for name in ("pause", "announce", "disconnect"):
        reader.send(f"/bureau/acts/{name}", {**said, "confirmed": "yes"}, status=200)
    reader.look("/bureau/", f"/bureau/providers/{AKISHIMA}/")
    reader.send("/bureau/acts/resume", {"provider": AKISHIMA, "channel": "webhook"}, status=200)
    reader.send("/bureau/acts/connect", {"provider": AKISHIMA}, status=200)
    begin_waiting(AKISHIMA)
    reader.look("/bureau/acts", f"/bureau/acts/confirm-destination?provider={AKISHIMA}")
    reader.send("/bureau/acts/confirm-destination", {"provider": "x"})
    reader.send("/bureau/acts/confirm-destination", {"provider": AKISHIMA}, status=200)
    return reader.shown


def bureau_account_pages() -> list[ShownPage]:
    """The way in, colleagues, and whoever may not look at a page."""
    outside = Reader("outside the bureau")
    outside.look("/bureau/login")
    outside.send("/bureau/login", {"login_id": "nobody", "password": "x"})
    at_bureau(login_id="guarded-4", name="高橋")
    outside.send("/bureau/login", {"login_id": "guarded-4", "password": PASSWORD}, status=200)
    outside.send("/bureau/code", {"code": "1"})
    joining = Reader("new at the bureau")
    _invitation, token = create_invitation(BUREAU, StaffRole.OPERATOR, by=None)
    joining.look(f"/bureau/join/{token}")
    joining.send(f"/bureau/join/{token}", {"password": "1"})
    joining.look("/bureau/join/x", status=404)
    fresh = Reader("operator without a factor", seated(at_bureau(login_id="fresh", factor=False)))
    fresh.look("/bureau/me/factor")
    auditing = Reader("auditor", seated(at_bureau(StaffRole.AUDITOR)))
    auditing.look("/bureau/record")
    auditing.look("/bureau/staff", status=403)
    reader = Reader("operator with colleagues", seated(at_bureau(login_id="first")))
    colleague = at_bureau(StaffRole.AUDITOR, login_id="second", name="勅使河原 𠮷右衛門")
    reader.look("/bureau/staff", f"/bureau/staff/{colleague.id}/", "/bureau/me", "/bureau/me/factor")
    reader.send("/bureau/me/mail", {"address": "佐藤"})
    reader.send("/bureau/me/recovery", {"old_password": PASSWORD}, status=200)
    reader.client.post("/bureau/staff/invite", {"role": StaffRole.WATCHER, "note": "夜間の方"})
    reader.look("/bureau/staff/link", "/bureau/staff")
    reader.send("/bureau/staff/invite", {"role": "king", "address": "x"}, status=200)
    own = with_passkey(colleague, Authenticator(), "事務局のノートパソコン").passkeys.get().id
    keyed = Reader("auditor with a passkey", seated(colleague))
    keyed.look("/bureau/me/passkeys", f"/bureau/me/passkeys/{own}/")
    return keyed.shown + outside.shown + joining.shown + fresh.shown + auditing.shown + reader.shown
