"""Fax channel: the notice is sent as a printed page, by HylaFAX or by a mail gateway."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from PIL.Image import Image

from renrakucho.channel.address_test import AddressTest, AddressTestPage
from renrakucho.channel.channel import Channel
from renrakucho.channel.fax import hylafax, mail_gateway
from renrakucho.channel.fax.fax_line import (
    BadFaxLine,
    FaxDocument,
    FaxLine,
    FaxTable,
    fax_line_of,
    fax_number_of,
    fax_server_of,
)
from renrakucho.channel.message import NoticeMessage
from renrakucho.channel.outcome import Outcome, OutcomeKind
from renrakucho.channel.table_faults import TableFault
from renrakucho.lib.message_text import N_
from renrakucho.paper.printed_page import (
    CannotPrint,
    NoFont,
    PrintedPage,
    draw_fax,
    draw_test_page,
    fax_tiff,
    printed_page,
)
from renrakucho.sheet.window import JAPAN

_SUBMITTERS: dict[str, Callable[[FaxLine, FaxDocument], Outcome]] = {
    "hylafax": hylafax.submit_hylafax_job,
    "mail": mail_gateway.submit_by_mail,
}
_QUERIES: dict[str, Callable[[FaxLine, str], Outcome]] = {
    "hylafax": hylafax.query_hylafax_job,
    "mail": mail_gateway.query_mail_gateway,
}


def send_fax(message: NoticeMessage) -> Outcome:
    """Submit the page; where it is under way already, ask what became of it."""
    return _send_or_ask(
        message.table,
        message.reference,
        lambda: FaxDocument(_key(message), message.number, fax_tiff(draw_fax(fax_page(message))), message.until),
    )


def _key(message: NoticeMessage) -> str:
    # HylaFAX keeps finished jobs: under the old key it would find one and dial nothing.
    return f"{message.key}:again{message.again}" if message.again else message.key


def fax_page(message: NoticeMessage) -> PrintedPage:
    """The page that comes out of the office's fax machine."""
    return printed_page(
        message.filled,
        number=message.number,
        provider=message.provider_name,
        written_at=message.written_at.astimezone(JAPAN),
        portal=message.portal.name,
        portal_url=message.portal.url,
        contact=message.portal.contact,
        replaces=message.replaces,
        withdrawn=message.withdrawn,
        reported=message.reported,
    )


def send_test_fax(page: AddressTestPage) -> Outcome:
    """Submit a test page; where it is under way already, ask what became of it."""
    return _send_or_ask(
        page.table,
        page.reference,
        lambda: FaxDocument(page.key, "trial", fax_tiff(_draw_test_page(page))),
    )


def _faults(table: Mapping[str, Any], trial: bool) -> Iterator[TableFault]:
    for check, fault in _TABLE_CHECKS:
        try:
            check(table)
        except BadFaxLine as error:
            yield replace(fault, english=str(error))


_TABLE_CHECKS: tuple[tuple[Callable[[Mapping[str, Any]], object], TableFault], ...] = (
    (fax_number_of, TableFault(("number",), "電話番号ではありません。+81475000000か0475-00-0000のように書きます", "")),
    (fax_server_of, TableFault(("server",), "hylafax://…かmail://…で始まる、使える設定ではありません", "")),
)


def _send_or_ask(table: Mapping[str, Any], reference: str, draw: Callable[[], FaxDocument]) -> Outcome:
    try:
        line = fax_line_of(table)
        return _QUERIES[line.scheme](line, reference) if reference else _submit(line, draw)
    except BadFaxLine as error:
        return Outcome(OutcomeKind.REFUSED, str(error))


def _submit(line: FaxLine, draw: Callable[[], FaxDocument]) -> Outcome:
    try:
        return _SUBMITTERS[line.scheme](line, draw())
    except CannotPrint as error:
        return Outcome(OutcomeKind.REFUSED, f"cannot be printed: {error}")
    except NoFont as error:
        return Outcome(OutcomeKind.TRY_LATER, str(error))


def _draw_test_page(page: AddressTestPage) -> Sequence[Image]:
    return draw_test_page(
        code=page.code,
        portal=page.portal.name,
        portal_url=page.portal.url,
        contact=page.portal.contact,
        number=fax_number_of(page.table),
    )


FAX = Channel(
    label=N_("FAX"),
    needs=N_("FAX機と、その番号の確認(テストの紙にあるコードを電話で読み返す)。機器もシステムも増えない。"),
    arrived=N_(
        "HylaFAX: 相手のFAX機が全ページを受け取ったと答えたこと(送信済。発信・ページ・通話の記録つき)。"
        "メールのゲートウェイ: 引き受けたことまで。届いたことは、紙にあるコードが開かれて分かる(到達)。"
    ),
    accepted=N_("担当者が紙にあるコードから受付番号を入れたこと。ログインは要らず、一件だけに使え、期限がある。"),
    failing=N_(
        "話中・応答なし・用紙切れは、お客さまの引越しの前日まで間をあけてかけ直す。番号が未確認のあいだは送らない。"
        "だめなら未達になり、お客さまに電話番号と言うことばを知らせる。"
    ),
    send=send_fax,
    table=FaxTable,
    faults=_faults,
    address_test=AddressTest(address=fax_number_of, send=send_test_fax),
    confidential=False,
)
