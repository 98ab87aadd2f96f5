"""Texts about found offers: a guess is called a guess, and «not known» is not «there is none»."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from renrakucho.faces.book.apply_by_texts import apply_by_rule, apply_by_sentence
from renrakucho.faces.book.rule_texts import rule_sentences
from renrakucho.fact.catalogue import Facts
from renrakucho.mover.entries import FREE_MARKET, MoveEntries
from renrakucho.notice.apply_by import apply_by
from renrakucho.notice.offer import Offer, OfferFinding
from renrakucho.page.formatting import join_sentences, translated_text
from renrakucho.provider.models import Industry
from renrakucho.sheet.form import Sheet
from renrakucho.sheet.procedure import BOTH_ENDS


@dataclass(frozen=True)
class ConnectionNote:
    """How a provider is told, what it asks beside the common items, and its rules."""

    sentence: str
    asks: str
    rules: list[str]


def certainty_note(finding: OfferFinding) -> str:
    """Say how certain the finding is, and what to do where it is not."""
    words = {"industry": Industry(finding.industry).label}
    if finding.procedure == BOTH_ENDS:
        return join_sentences(
            _("停止と開始を、1回の手続でまとめて頼めます。"),
            ""
            if finding.status in ("exact", "by_town")
            else _("それぞれの住所の事業者は、下の欄でもお確かめください。"),
        )
    if finding.status == "nationwide":
        if not finding.offers:
            return _("ここから手続できる会社は、まだありません。会社のホームページやお電話でお手続きください。")
        return _("ご契約のあるところに印をつけてください。")
    return {
        "exact": "",
        "by_town": "",
        "probably": join_sentences(_probably(finding), _how_to_find_out(finding)),
        "ask": join_sentences(_("この住所では、どの事業者か決められません。"), _how_to_find_out(finding)),
        "none_here": _none_here(finding),
        "not_known": join_sentences(
            _("この住所の%(industry)sの事業者は、わかりません。") % words, _how_to_find_out(finding)
        ),
    }[finding.status]


def _probably(finding: OfferFinding) -> str:
    portals = {offer.through for offer in finding.offers if offer.through}
    if portals:
        return _("%(portal)sによると、この事業者です。こちらでは確かめていません。") % {"portal": portals.pop()}
    return _("おそらく、この事業者です。公式の資料では確かめられていません。")


def _how_to_find_out(finding: OfferFinding) -> str:
    """The mover can look at the meter slip of the home that is left, or ask the landlord of the new one."""
    if finding.procedure == "start":
        return _("大家さんか不動産会社にお確かめください。")
    return _("検針票や請求書でお確かめください。")


def other_company_note(finding: OfferFinding) -> str:
    """Say why «another company» may be the right one: the operator of the wires or pipes need not be the supplier."""
    if finding.industry not in FREE_MARKET:
        return _("ここにないところは、名前を入れると、お電話で話すことと控えの欄を、れんらく帳に用意します。")
    if finding.procedure == "start":
        return _("地域の会社のほかにも、契約する会社を選べます。申し込みは、その会社へ直接お願いします。")
    return _("地域の会社と、ご契約の会社は、ちがうことがあります。会社の名前は、検針票や請求書に書いてあります。")


def connection_note(offer: Offer) -> ConnectionNote | None:
    """Say how the provider is told; None where it is only listed."""
    sheet = offer.sheet
    if sheet is None:
        return None
    name = {"name": offer.name}
    if sheet.carried:
        sentence = _("%(name)sの画面へ、入力した内容を引き継ぎます。") % name
    elif offer.through:
        sentence = _("%(portal)sを通して、%(name)sへ送ります。") % {**name, "portal": offer.through}
    else:
        sentence = _("この引越れんらく帳から、%(name)sへ送ります。") % name
    return ConnectionNote(sentence, _asks(sheet), rule_sentences(sheet))


def phone_note(offer: Offer) -> ConnectionNote | None:
    """Say how the provider is told where it takes this procedure by phone only; None elsewhere."""
    sheet = offer.by_phone
    if sheet is None:
        return None
    asked = _("、").join(translated_text(blank.label) for blank in sheet.blanks)
    return ConnectionNote(
        sheet.by_phone, _("お電話で聞かれること: %(items)s") % {"items": asked}, rule_sentences(sheet)
    )


def by_when_note(offer: Offer, facts: Facts, now: datetime) -> str:
    """Say by when the mover has to act: in days once those of the move are entered, and before that as a rule."""
    sheet = offer.sheet or offer.by_phone
    by = apply_by(offer.procedure, sheet, facts)
    return apply_by_sentence(by, now) if by.on else apply_by_rule(offer.procedure, sheet)


def not_known_sentences(findings: Iterable[OfferFinding], entries: MoveEntries) -> list[str]:
    """Say beforehand, an end of the move at a time, of which industries nobody is known there, and what to do."""
    unknown = [finding for finding in findings if finding.status == "not_known" and not finding.offers]
    said = {
        "leaving": _(
            "いまの住まい（%(place)s）の%(industries)sの事業者は、こちらではわかりません。"
            "検針票や請求書に書いてある会社へ、お客さまからご連絡ください。"
        ),
        "arriving": _(
            "新しい住まい（%(place)s）の%(industries)sの事業者は、こちらではわかりません。"
            "大家さんか不動産会社に聞いて、お客さまからご連絡ください。"
        ),
    }
    sentences = []
    for end, sentence in said.items():
        industries = dict.fromkeys(str(Industry(finding.industry).label) for finding in unknown if finding.end == end)
        place = entries.place(end).prefecture + entries.place(end).municipality
        if industries:
            sentences.append(sentence % {"place": place, "industries": _("・").join(industries)})
    advice = _("会社がわかったら、「ほかの会社」に名前を入れてください。お電話で話すことと控えの欄を用意します。")
    return [*sentences, advice] if sentences else []


def lacking_sentences(offers: Iterable[Offer]) -> list[str]:
    """Name the chosen providers whose forms cannot do without an address that is not there, and say what to do."""
    offers = tuple(offers)
    named = {end: dict.fromkeys(one.name for one in offers if one.lacks == end) for end in ("origin", "destination")}
    said = {
        "origin": _("%(names)sの様式には、いまの住所が要ります。前のページで入れるか、お電話でご連絡ください。"),
        "destination": _(
            "%(names)sの様式には、新しい住所が要ります。住所が決まったら前のページで入れるか、お電話でご連絡ください。"
        ),
    }
    return [said[end] % {"names": _("、").join(names)} for end, names in named.items() if names]


def _asks(sheet: Sheet) -> str:
    items = _("、").join(map(translated_text, [*sheet.asked_there, *(blank.label for blank in sheet.own_items())]))
    return _("ほかに聞かれること: %(items)s") % {"items": items} if items else _("ほかに聞かれることはありません。")


def _none_here(finding: OfferFinding) -> str:
    if finding.industry == "gas":
        return _(
            "この住所には、都市ガスが来ていないようです。プロパンガス（LPガス）の会社は、"
            "検針票やガスボンベに書いてあります。わからないときは、大家さんか管理会社にお聞きください。"
        )
    return _("この住所には、%(industry)sの事業者がないとされています。大家さんか市区町村にお確かめください。") % {
        "industry": Industry(finding.industry).label
    }
