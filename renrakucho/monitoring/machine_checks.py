"""Health checks of the machine: file permissions, fonts, connections, static files, sandbox secrets, versions."""

from pathlib import Path

from django.conf import settings

from renrakucho.lib.message_text import BothLanguages
from renrakucho.lib.private_files import files_open_to_others
from renrakucho.monitoring.check_result import CheckResult, CheckState, and_more, healthy
from renrakucho.monitoring.software_versions import software_versions
from renrakucho.notice.connection_check import connection_report
from renrakucho.paper.printed_page import NoFont, font_folder

_FAILING, _WARNING = CheckState.FAILING, CheckState.WARNING


def check_private_files() -> CheckResult:
    """Whether database, log and keys can be read by nobody else on this machine."""
    found = files_open_to_others()
    if not found:
        return healthy(
            "データベースと鍵のファイルは、ほかの利用者には読めません。",
            "Database and keys cannot be read by other users.",
        )
    more = and_more(len(found) - 1)
    return CheckResult(
        _WARNING,
        BothLanguages(
            f"ほかの利用者が読めるファイルがあります（{found[0]}{more.japanese}）。",
            f"Other users can read files of this installation ({found[0]}{more.english}).",
        ),
        BothLanguages(
            f"ポータルを動かす利用者のものにして（chown）、chmod go= {found[0]} を実行してください。",
            f"Give it to the user that the portal runs as (chown), and run: chmod go= {found[0]}",
        ),
    )


def check_fonts() -> CheckResult:
    """Whether notices can be printed: at desks, and on faxes."""
    try:
        folder = font_folder()
    except NoFont:
        return CheckResult(
            _WARNING,
            BothLanguages(
                "日本語のフォントがないため、PDFもFAXも作れません。",
                "There is no Japanese font: neither PDF nor fax can be made.",
            ),
            BothLanguages(
                "ポータルとワーカーのコンピューターで apt install fonts-noto-cjk を実行してください。",
                "On the machines of portal and worker: apt install fonts-noto-cjk",
            ),
        )
    return healthy(f"フォントは {folder} にあります。", f"The fonts are in {folder}.")


def check_connections() -> CheckResult:
    """Whether connections.toml can work: the worst of it in a sentence, the rest by number."""
    report = connection_report()
    if not report.findings:
        count = len(report.connected)
        return healthy(f"接続は {count} 件です。", f"{count} connection(s) are read.")
    errors = [each for each in report.findings if each.severity == "error"]
    worst, more = (errors or list(report.findings))[0], and_more(len(report.findings) - 1)
    place = f"{settings.CONNECTIONS}:{worst.line} {worst.provider}".strip() + ": " if settings.CONNECTIONS else ""
    return CheckResult(
        _FAILING if errors else _WARNING,
        BothLanguages(
            f"接続の設定に直すところがあります（{place}{worst.japanese}{more.japanese}）。",
            f"The connections have to be put right ({place}{worst.english}{more.english}).",
        ),
        BothLanguages(
            "renrakucho connections check が、すべてを行で示します。直すと、再起動なしで取り込まれます。",
            "renrakucho connections check names every line. What is mended is taken up without a restart.",
        ),
    )


def check_static_files() -> CheckResult:
    """Whether style sheets and scripts have been collected."""
    if (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
        return healthy("ページの部品はそろっています。", "The static files are collected.")
    return CheckResult(
        _FAILING,
        BothLanguages("ページの部品（CSSなど）が集められていません。", "The static files have not been collected."),
        BothLanguages(
            "renrakucho django collectstatic --noinput を実行してください。",
            "Run: renrakucho django collectstatic --noinput",
        ),
    )


def check_versions() -> CheckResult:
    """Which versions run; nothing is judged."""
    text = ", ".join(f"{name} {version}" for name, version in software_versions().items())
    return healthy(text, text)
