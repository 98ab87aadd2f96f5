"""Health checks that ask the database: itself, migrations, key, workers, lanes, clocks, mails, directory, backup."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache

from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from renrakucho.address.edition_cache import NoDirectory, current_edition
from renrakucho.lib.database_clock import MOST_SKEW, clock_skew, database_now
from renrakucho.lib.master_keyring import key_fingerprint, keyring_texts
from renrakucho.lib.message_text import BothLanguages
from renrakucho.lib.period_keyring import KEPT_DAYS, period_of
from renrakucho.monitoring.check_result import CheckResult, CheckState, healthy
from renrakucho.monitoring.lane_figures import STILL_AFTER, LaneFigures, lane_figures
from renrakucho.monitoring.models import BackupMark
from renrakucho.monitoring.notice_figures import MailFigures, mail_figures
from renrakucho.monitoring.worker_heartbeat import WorkerState, worker_states
from renrakucho.mover.master_key_check import master_key_fingerprint
from renrakucho.mover.models import MasterKeyFingerprint
from renrakucho.mover.period_key_rotation import PeriodKeysLost, check_period_keys, periods_in_use
from renrakucho.notice.destination import pending_destinations
from renrakucho.notice.sudden_rise import rises_everywhere
from renrakucho.provider.login_failures import attacked_accounts
from renrakucho.provider.staff import Staff

_FAILING, _WARNING, _UNKNOWN = CheckState.FAILING, CheckState.WARNING, CheckState.UNKNOWN
_NAMED = 5  # lanes and jobs in one sentence
_TIRED_JOB = 3  # failures in a row
_OLD_DIRECTORY = timedelta(days=200)  # a postal release is a month old, an edition some months
_LATE_BACKUP, _NO_BACKUP = timedelta(hours=26), timedelta(days=8)
_MAIL_STILL = timedelta(hours=1)


def check_database() -> CheckResult:
    """Whether the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return healthy("データベースが答えています。", "The database answers.")


def check_migrations() -> CheckResult:
    """Whether every migration of this version has been applied."""
    missing = sorted(_leaf_migrations() - set(MigrationRecorder(connection).applied_migrations()))
    if not missing:
        return healthy("移行はすべて済んでいます。", "All migrations are applied.")
    names = ", ".join(f"{app}.{name}" for app, name in missing[:_NAMED])
    return CheckResult(
        _FAILING,
        BothLanguages(f"済んでいない移行があります（{names}）。", f"Migrations are missing ({names})."),
        BothLanguages(
            "renrakucho django migrate を実行し、ポータルとワーカーを始め直してください。",
            "Run: renrakucho django migrate. Then start portal and worker again.",
        ),
    )


def check_key() -> CheckResult:
    """Whether the master key is that of the database, and the keys of weeks that books hang on are there."""
    try:
        check_period_keys()
    except PeriodKeysLost as error:
        return CheckResult(_FAILING, error.said, error.remedy)
    if any(number < period_of(database_now() - timedelta(days=KEPT_DAYS)) for number in periods_in_use()[:1]):
        return _late_period_keys()
    stored = MasterKeyFingerprint.objects.values_list("fingerprint", flat=True).first()
    found, known = master_key_fingerprint(), [key_fingerprint(text) for text in keyring_texts()]
    if stored in known and len(known) > 1:
        return CheckResult(
            _WARNING,
            BothLanguages(
                "マスターキーを取り替えている途中です。古い鍵がまだ残っています。",
                "The master key is being changed: the older key is still there.",
            ),
            BothLanguages(
                "renrakucho master_key rotate を終わりまで動かし、master_key retire で古い鍵を外してください。",
                "Run renrakucho master_key rotate to its end, then renrakucho master_key retire.",
            ),
        )
    if stored in (None, found):
        return healthy(f"マスターキーの指紋は {found} です。", f"The master key's fingerprint is {found}.")
    return CheckResult(
        _FAILING,
        BothLanguages(
            f"マスターキーがデータベースのものと違います（{stored} ≠ {found}）。",
            f"The master key is not that of the database ({stored} ≠ {found}).",
        ),
        BothLanguages(
            "控えておいた鍵を RENRAKUCHO_MASTER_KEY か var/master_key に戻してください。",
            "Put the key back that was kept with the backups: RENRAKUCHO_MASTER_KEY, or var/master_key.",
        ),
    )


def _late_period_keys() -> CheckResult:
    return CheckResult(
        _WARNING,
        BothLanguages(
            "古い週の鍵を使っているれんらく帳があるため、その鍵を消せません。古いバックアップが、まだ開けます。",
            "Books hang on the key of an old week, which is kept for them: old backups can still be opened.",
        ),
        BothLanguages(
            "ワーカーを動かしてください。動いているときは、開けないれんらく帳がないか、ワーカーのログをごらんください。",
            "Run the worker. Where it runs, its log names how many books do not open.",
        ),
    )


def check_workers() -> CheckResult:
    """Whether a worker beats, and none of its jobs keeps failing."""
    states = worker_states()
    alive = [state for state in states if state.alive]
    if not alive:
        return _no_worker(states)
    tired = sorted({name for state in alive for name, count in state.failing.items() if count >= _TIRED_JOB})
    if tired:
        names = ", ".join(tired[:_NAMED])
        return CheckResult(
            _FAILING,
            BothLanguages(
                f"ワーカーの仕事が続けて失敗しています（{names}）。", f"Jobs of the worker keep failing ({names})."
            ),
            BothLanguages(
                "ワーカーのログで、その仕事の行をご覧ください。", "Read the lines of these jobs in the worker's log."
            ),
        )
    seconds = _seconds(alive[0].silent_for)
    return healthy(
        f"ワーカーが {len(alive)} つ動いています。最後の合図は {seconds} 秒前です。",
        f"{len(alive)} worker(s) are running; the last beat was {seconds} seconds ago.",
    )


def _no_worker(states: list[WorkerState]) -> CheckResult:
    last = _moment(states[0].beat_at if states else None)
    return CheckResult(
        _FAILING,
        BothLanguages(
            f"動いているワーカーがありません（最後の合図: {last}）。", f"No worker is running (last beat: {last})."
        ),
        BothLanguages(
            "renrakucho worker run を始めてください（systemdなら systemctl status でわかります）。",
            "Start: renrakucho worker run (with systemd, systemctl status says why it ended).",
        ),
    )


def check_lanes() -> CheckResult:
    """Whether anything is to be sent somewhere and nothing moves."""
    lanes = lane_figures()
    still = [lane for lane in lanes if lane.stands_still]
    oldest = _seconds(max((lane.oldest_due for lane in lanes if lane.oldest_due), default=timedelta(0)))
    if not still:
        return healthy(
            f"送信は滞っていません。いちばん古いものは {oldest} 秒待っています。",
            f"Delivery is moving; the oldest that is due has waited {oldest} seconds.",
        )
    return standing_still(still)


def standing_still(still: Sequence[LaneFigures]) -> CheckResult:
    """The result for lanes that stand still."""
    names = ", ".join(map(_lane_text, still[:_NAMED]))
    more = f", +{len(still) - _NAMED}" if len(still) > _NAMED else ""
    minute = _seconds(STILL_AFTER)
    return CheckResult(
        _FAILING,
        BothLanguages(
            f"{minute} 秒より長く進んでいない送信先が {len(still)} あります（{names}{more}）。",
            f"{len(still)} lane(s) have stood still for more than {minute} seconds ({names}{more}).",
        ),
        BothLanguages(
            "ワーカーが動いているか、相手のシステムが答えているかをお確かめください。",
            "See whether a worker runs, and whether the other side answers.",
        ),
    )


def check_logins() -> CheckResult:
    """Whether somebody tries passwords of staff. Names the places, not the people."""
    attacked = attacked_accounts(list(Staff.objects.filter(is_active=True)))
    if not attacked:
        return healthy("パスワードを試されている担当者はいません。", "Nobody tries passwords of staff.")
    count = sum(each.failures for each in attacked)
    places = sorted({each.staff.provider or "bureau" for each in attacked})
    names = ", ".join(places[:_NAMED]) + (f", +{len(places) - _NAMED}" if len(places) > _NAMED else "")
    return CheckResult(
        _WARNING,
        BothLanguages(
            f"この7日間に、見知らぬ端末から {len(attacked)} 人のログインが {count} 回試されました（{names}）。",
            f"Unknown devices tried to log in as {len(attacked)} people, {count} times within 7 days ({names}).",
        ),
        BothLanguages(
            "知っている端末からのログインは止まりません。ログの renrakucho.security で出どころをご覧ください。",
            "Known devices still get in. The log's renrakucho.security lines show where it comes from.",
        ),
    )


def check_clocks() -> CheckResult:
    """Whether this machine's clock and those of the workers agree with the database's."""
    skews = [clock_skew(), *(state.skew for state in worker_states() if state.alive)]
    worst = max(skews, key=abs)
    if abs(worst) <= MOST_SKEW:
        return healthy("時計は合っています。", "The clocks agree.")
    off = f"{worst.total_seconds():+.0f}"
    return CheckResult(
        _FAILING,
        BothLanguages(
            f"このコンピューターかワーカーの時計が、データベースの時計と {off} 秒ずれています。",
            f"The clock of this machine or of a worker differs from the database's by {off} seconds.",
        ),
        BothLanguages(
            "時計を合わせてください（timedatectl）。合うまで、未達の判断はしません。",
            "Set the clock (timedatectl). Until then nothing is given up.",
        ),
    )


def check_mails() -> CheckResult:
    """Whether the mail server takes mails."""
    boxes, now = mail_figures(), database_now()
    last = max((box.last_sent_at for box in boxes if box.last_sent_at), default=None)
    if any(box.oldest_due and box.oldest_due >= STILL_AFTER for box in boxes) or _mail_refused(boxes, last, now):
        return CheckResult(
            _FAILING,
            BothLanguages("メールが出ていきません。", "Mails do not go out."),
            BothLanguages(
                "ワーカーが動いているか、メールサーバーが受け取っているかを、ワーカーのログでお確かめください。",
                "See in the worker's log whether it runs, and what the mail server says.",
            ),
        )
    retried, given_up = sum(box.retried for box in boxes), sum(box.given_up for box in boxes)
    if retried or given_up:
        return CheckResult(
            _WARNING,
            BothLanguages(
                f"送り直しているメールが {retried} 通、この1日であきらめたメールが {given_up} 通あります。",
                f"{retried} mail(s) are being retried, and {given_up} were given up in the last day.",
            ),
            BothLanguages(
                "ワーカーのログに、メールサーバーの答えの番号があります。",
                "The worker's log has the mail server's reply codes.",
            ),
        )
    when = _moment(last)
    return healthy(f"メールは滞っていません（最後に出たもの: {when}）。", f"Mails go out (the last one: {when}).")


def check_directory() -> CheckResult:
    """Whether a directory is loaded, and how old it is."""
    try:
        edition = current_edition()
    except NoDirectory:
        return CheckResult(
            _FAILING,
            BothLanguages("れんらく先の台帳が入っていません。", "No directory is loaded."),
            BothLanguages("renrakucho directory load を実行してください。", "Run: renrakucho directory load"),
        )
    days = (timezone.now() - edition.compiled_at).days
    said = BothLanguages(f"台帳は {days} 日前の版です。", f"The directory was compiled {days} days ago.")
    if days <= _OLD_DIRECTORY.days:
        return CheckResult(CheckState.OK, said)
    remedy = BothLanguages(
        "新しい版を入れて renrakucho directory load を実行してください。",
        "Install a newer version, and run: renrakucho directory load",
    )
    return CheckResult(_WARNING, said, remedy)


def check_destinations() -> CheckResult:
    """Whether a changed destination waits for two people to confirm it: its notices stand still meanwhile."""
    waiting = pending_destinations()
    if not waiting:
        return healthy("送り先は、確かめたとおりです。", "Notices go where it was confirmed.")
    names = ", ".join(each.provider for each in waiting)
    return CheckResult(
        _WARNING,
        BothLanguages(
            f"送り先の変更が、二人の確かめを待っています（{names}）。",
            f"A changed destination waits for two people to confirm it ({names}).",
        ),
        BothLanguages(
            "事務局のページか renrakucho connections confirm で確かめます。待つ理由は connections pending が示します。",
            "Confirm it at the bureau or by renrakucho connections confirm; connections pending lists what waits.",
        ),
    )


def check_sudden_rises() -> CheckResult:
    """Whether a provider suddenly gets far more notices than usual, or several books leave one address."""
    rises = rises_everywhere()
    if not rises:
        return healthy("急な増加はありません。", "There is no sudden rise.")
    providers = [each.provider for each in rises if not each.origin_hash]
    homes, names = len(rises) - len(providers), ", ".join(providers[:_NAMED]) or "-"
    return CheckResult(
        _WARNING,
        BothLanguages(
            f"れんらくが急に増えています（事業者: {names}、同じ引越元: {homes}か所）。",
            f"Notices rise suddenly (providers: {names}; addresses left: {homes}).",
        ),
        BothLanguages(
            "事務局の「急な増加」でようすを見て、おかしければ送る前に止めてください。",
            "Look at the bureau's page of sudden rises, and hold what looks wrong.",
        ),
    )


def check_backup() -> CheckResult:
    """When somebody last said that a backup was whole."""
    marked_at = BackupMark.objects.order_by("-marked_at").values_list("marked_at", flat=True).first()
    remedy = BothLanguages(
        "バックアップのあとに renrakucho backup done を実行すると、ここに時刻が出ます。",
        "Run renrakucho backup done after each backup; its time is shown here.",
    )
    if marked_at is None:
        return CheckResult(
            _UNKNOWN, BothLanguages("バックアップの記録がありません。", "No backup was ever marked."), remedy
        )
    when, age = _moment(marked_at), database_now() - marked_at
    said = BothLanguages(f"最後のバックアップは {when} です。", f"The last backup is of {when}.")
    if age <= _LATE_BACKUP:
        return CheckResult(CheckState.OK, said)
    return CheckResult(_FAILING if age > _NO_BACKUP else _WARNING, said, remedy)


@cache
def _leaf_migrations() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None).graph.leaf_nodes())


def _mail_refused(boxes: list[MailFigures], last: datetime | None, now: datetime) -> bool:
    """Whether several mails come back and none has gone out for an hour: not one mailbox, but the server."""
    return sum(box.retried for box in boxes) >= _TIRED_JOB and (last is None or now - last > _MAIL_STILL)


def _lane_text(lane: LaneFigures) -> str:
    return f"{lane.provider or '–'} {lane.channel}"


def _seconds(age: timedelta) -> int:
    return int(age.total_seconds())


def _moment(at: datetime | None) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M:%S}" if at else "–"
