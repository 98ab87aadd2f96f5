"""Fax: the notice goes out as a page of paper."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PIL.Image import Image

from renrakucho.channel.channel import Channel
from renrakucho.channel.fax import gateway, hylafax
from renrakucho.channel.fax.letter import Letter
from renrakucho.channel.fax.line import BadLine, Line, line_of, number_of
from renrakucho.channel.outcome import Outcome, OutcomeKind
from renrakucho.channel.parcel import Parcel
from renrakucho.channel.trial import Trial, TrialPage
from renrakucho.lib.translate import N_
from renrakucho.paper.draw import fax, tiff, trial
from renrakucho.paper.glyphs import CannotPrint
from renrakucho.paper.page import Page, page_of
from renrakucho.paper.press import NoFont
from renrakucho.sheet.window import JAPAN

_SUBMIT: dict[str, Callable[[Line, Letter], Outcome]] = {"hylafax": hylafax.submit, "mail": gateway.submit}
_ASK: dict[str, Callable[[Line, str], Outcome]] = {"hylafax": hylafax.ask, "mail": gateway.ask}


def send(parcel: Parcel) -> Outcome:
    """Hand it over, or ask what became of it."""
    return _sent(
        parcel.table,
        parcel.reference,
        lambda: Letter(_key(parcel), parcel.number, tiff(fax(page(parcel))), parcel.until),
    )


def _key(parcel: Parcel) -> str:
    # HylaFAX keeps what it has sent: without this the old job would be found, and nothing dialled.
    return f"{parcel.key}:again{parcel.again}" if parcel.again else parcel.key


def page(parcel: Parcel) -> Page:
    """The page that lies in the office's tray."""
    return page_of(
        parcel.filled,
        number=parcel.number,
        provider=parcel.provider_name,
        written_at=parcel.written_at.astimezone(JAPAN),
        portal=parcel.portal.name,
        portal_url=parcel.portal.url,
        contact=parcel.portal.contact,
        replaces=parcel.replaces,
        withdrawn=parcel.withdrawn,
    )


def send_trial(given: TrialPage) -> Outcome:
    """The same for the page that tries the number out."""
    return _sent(
        given.table,
        given.reference,
        lambda: Letter(given.key, "trial", tiff(_trial_page(given))),
    )


def ready(table: Mapping[str, Any]) -> bool:
    """Whether it says who is called, and by which line."""
    try:
        line_of(table)
    except BadLine:
        return False
    return True


def _sent(table: Mapping[str, Any], reference: str, letter: Callable[[], Letter]) -> Outcome:
    try:
        line = line_of(table)
        return _ASK[line.scheme](line, reference) if reference else _submitted(line, letter)
    except BadLine as error:
        return Outcome(OutcomeKind.REFUSED, str(error))


def _submitted(line: Line, letter: Callable[[], Letter]) -> Outcome:
    try:
        return _SUBMIT[line.scheme](line, letter())
    except CannotPrint as error:
        return Outcome(OutcomeKind.REFUSED, f"cannot be printed: {error}")
    except NoFont as error:
        return Outcome(OutcomeKind.TRY_LATER, str(error))


def _trial_page(given: TrialPage) -> Sequence[Image]:
    return trial(
        code=given.code,
        portal=given.portal.name,
        portal_url=given.portal.url,
        contact=given.portal.contact,
        number=number_of(given.table),
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
    send=send,
    ready=ready,
    trial=Trial(address=number_of, send=send_trial),
)
