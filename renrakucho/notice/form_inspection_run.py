"""Form inspection: the options of `renrakucho provider form`, and its run over a provider's live forms."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from renrakucho.channel.weblink.inspection.form_finding import FormFinding
from renrakucho.channel.weblink.inspection.form_inspection import (
    InspectionCase,
    SubmissionOptions,
    inspect_form_page,
    inspect_handoff,
)
from renrakucho.channel.weblink.inspection.site_browser import SiteBrowser
from renrakucho.channel.weblink.inspection.transport_findings import is_local_site
from renrakucho.lib.errors import InvalidInput
from renrakucho.lib.noun_command import bilingual
from renrakucho.notice.connected_providers import connection_of
from renrakucho.notice.form_inspection_report import inspection_case, inspection_json, inspection_report, sample_form
from renrakucho.sheet.form import PROCEDURES, Sheet

_NOT_REACHED = {"certificate", "unreachable", "too-many-hops", "too-large", "no-web-address"}
TO_MEND, NOT_REACHED = 1, 2  # exit statuses, beside 0


class NotInspected(InvalidInput):
    """The inspection cannot begin; the message says why."""


@dataclass(frozen=True)
class InspectionResult:
    """text: the report. status: 0, or the worst of all forms."""

    text: str
    status: int
    to_mend: int


def add_inspection_arguments(parser: ArgumentParser) -> None:
    """Add the options of `renrakucho provider form`."""
    parser.description = bilingual(
        "Webリンクの実際の画面を開き、様式と照らし合わせます。終了コード: 0 直すところなし、1 あり、2 つながらない。",
        "Opens the live form of a web link and holds the sheet against it: fields, lengths, choices, encoding, hosts, "
        "encryption. One request a second; robots.txt is not asked, since only the operator's own provider is opened. "
        "Exit status: 0 nothing to mend, 1 something to mend, 2 not reached.",
    )
    parser.add_argument("slug", help=bilingual("フォルダー名", "the folder's name, such as kawasaki-water"))
    parser.add_argument(
        "procedure",
        nargs="?",
        choices=PROCEDURES,
        help=bilingual("手続。なければすべて", "all that the provider has, where none is named"),
    )
    parser.add_argument(
        "--url",
        default="",
        help=bilingual("様式のある画面", "the page with the form, where it is not the entry itself"),
    )
    parser.add_argument(
        "--hand-over",
        action="store_true",
        help=bilingual("見本の内容を引き継ぐ。申込みはしない", "post a sample mover to the entry; registers nothing"),
    )
    parser.add_argument(
        "--send",
        action="store_true",
        help=bilingual(
            "見本の内容で申し込む。試験用サイトだけ",
            "go on to the done page: REGISTERS a sample application. Test sites only",
        ),
    )
    parser.add_argument(
        "--test-key",
        type=Path,
        metavar="FILE",
        help=bilingual("試験用サイトの鍵 (--send)", "the key of the provider's test site, for --send"),
    )
    parser.add_argument(
        "--own",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help=bilingual("画面の質問への答え (--send)", "an answer to a question of the page, for --send"),
    )
    parser.add_argument("--json", action="store_true", help=bilingual("機械のための形", "for machines"))


def run_inspection(
    sheets: Sequence[Sheet], options: dict[str, Any], browser: SiteBrowser | None = None
) -> InspectionResult:
    """Inspect the live forms of these sheets one after the other. Raises NotInspected."""
    carried = [sheet for sheet in sheets if sheet.carried]
    if not carried:
        raise NotInspected("There is no web link among its forms: nothing that a live form could be held against.")
    depth = "send" if options["send"] else "hand_over" if options["hand_over"] else "look"
    browser, now = browser or SiteBrowser(settings.BASE_URL), timezone.now()
    cases = [_case(sheet) for sheet in carried]
    found = [_findings(case, options, browser) for case in cases]
    if options["json"]:
        made = [inspection_json(case, each, depth, now) for case, each in zip(cases, found, strict=True)]
        text = json.dumps(made, ensure_ascii=False, indent=2)
    else:
        parts = [inspection_report(case, each, depth, now) for case, each in zip(cases, found, strict=True)]
        text = "\n\n".join("\n".join(lines) for lines in parts)
    wrong = [finding for each in found for finding in each if finding.level == "mend"]
    lost = any(finding.code in _NOT_REACHED for finding in wrong)
    return InspectionResult(text, NOT_REACHED if lost else TO_MEND if wrong else 0, len(wrong))


def _case(sheet: Sheet) -> InspectionCase:
    connection = connection_of(sheet.provider)
    if connection is None or sheet.procedure not in connection.entries:
        raise NotInspected(f"The connections file has no [{sheet.provider}.{sheet.procedure}] with an entry.")
    return inspection_case(sheet, connection, timezone.now())


def _findings(case: InspectionCase, options: dict[str, Any], browser: SiteBrowser) -> list[FormFinding]:
    if options["send"]:
        return inspect_handoff(case, browser, sample_form(case), _sending(case, options))
    if options["hand_over"]:
        return inspect_handoff(case, browser, sample_form(case))
    return inspect_form_page(case, browser, options["url"])


def _sending(case: InspectionCase, options: dict[str, Any]) -> SubmissionOptions:
    """A key that signs real notices never signs samples, except for a site on this machine."""
    key = options["test_key"]
    if key is None and not is_local_site(case.entry):
        raise NotInspected("--send registers an application. Give --test-key: the file with the key of its test site.")
    try:
        secret = key.read_text("utf-8").strip() if key else case.connection.secret
    except OSError as error:
        raise NotInspected(f"{key} cannot be read: {error.strerror}.") from None
    return SubmissionOptions(timezone.now(), secret, dict(_pairs(options["own"])))


def _pairs(given: Sequence[str]) -> Iterator[tuple[str, str]]:
    for text in given:
        name, equals, value = text.partition("=")
        if not equals:
            raise NotInspected(f"--own {text}: NAME=VALUE is needed.")
        yield name, value
