"""Phone script: what a mover says, and has ready, who telephones a company that cannot be told from here.

It is general, by procedure and industry. Each line says an entered fact under the name that companies use for it. Of
what they ask beside that, nothing is promised: the forms of connected providers ask for it (`asked_there` and own items
in providers/*/*.toml), and so may others.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from renrakucho.lib.message_text import N_
from renrakucho.sheet.phrase import Phrase, parse_phrase


@dataclass(frozen=True)
class ScriptLine:
    """One line: the label, as a text to translate, and what is said of the move; no phrase: the mover has it ready."""

    label: str
    say: Phrase | None = None

    def text(self, facts: Mapping[str, str]) -> str:
        """The text of the line; empty where nothing was entered for it."""
        return self.say.text(facts).strip() if self.say else ""


def general_script(industry: str, procedure: str) -> tuple[ScriptLine, ...]:
    """The lines in the order in which they are said; those to have ready come last."""
    said = tuple(ScriptLine(label, parse_phrase(say)) for label, say in _SAID[procedure])
    return said + tuple(ScriptLine(label) for label in _READY.get(industry, ()))


def _address(end: str) -> str:
    parts = "".join(f"{{{end}.{part}}}" for part in ("prefecture", "municipality", "town", "block"))
    return f"[〒{{{end}.postal_code|postal}} ]{parts}[ {{{end}.building}}][ {{{end}.room}}]"


def _day(fact: str) -> str:
    return f"{{{fact}|slash}}"


_WHO = (
    (N_("契約者のお名前"), "[{holder.family_name}　{holder.given_name}]"),
    (N_("契約者のフリガナ"), "[{holder.family_kana|katakana}　{holder.given_kana|katakana}]"),
)
_REACH = ((N_("日中の電話番号"), "{contact.phone}"),)
_SAID: Mapping[str, tuple[tuple[str, str], ...]] = {
    "move": (
        *_WHO,
        (N_("停止する住所"), _address("origin")),
        (N_("停止する日"), _day("move.leave_on")),
        (N_("開始する住所"), _address("destination")),
        (N_("開始する日"), _day("move.arrive_on")),
        *_REACH,
    ),
    "stop": (
        *_WHO,
        (N_("停止する住所"), _address("origin")),
        (N_("停止する日"), _day("move.leave_on")),
        (N_("新しい住所（最後の請求の送り先など）"), _address("destination")),
        *_REACH,
    ),
    "start": (
        *_WHO,
        (N_("開始する住所"), _address("destination")),
        (N_("開始する日"), _day("move.arrive_on")),
        *_REACH,
    ),
    "change": (
        *_WHO,
        (N_("前の住所"), _address("origin")),
        (N_("新しい住所"), _address("destination")),
        (N_("引越しの日"), _day("move.arrive_on")),
        *_REACH,
    ),
}
_READY: Mapping[str, tuple[str, ...]] = {
    "electricity": (N_("お客さま番号（検針票・請求書・会員ページ）"),),
    "gas": (N_("お客さま番号（検針票・請求書・会員ページ）"), N_("立ち会う人")),
    "water": (N_("お客さま番号（検針票・請求書）"),),
    "telephone": (N_("その電話の番号"), N_("お客さま番号")),
    "internet": (N_("お客さまのID・番号"),),
    "broadcasting": (N_("お客さま番号"),),
    "credit_card": (N_("カード番号（カードを手もとに）"), N_("生年月日")),
    "bank": (N_("支店の名前と口座番号（通帳・カードを手もとに）"), N_("生年月日")),
    "insurance": (N_("証券番号（保険証券を手もとに）"), N_("生年月日")),
}
