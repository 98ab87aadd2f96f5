"""Assurance: how sure the portal is of whoever asks for a procedure. It travels with the notice.

Each part says either what was proved, and how, or that it was not. Nothing here says that somebody lives at an address:
no portal can know that, and `ASSURANCE_LIMIT` says so wherever the parts are shown.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from renrakucho.fact.catalogue import CLAIM_LABELS, CLAIM_NAMES
from renrakucho.fact.helper import Helper
from renrakucho.lib.message_text import N_
from renrakucho.sheet.window import JAPAN

NumberState = Literal["in_format", "given", "not_given", "not_asked"]
CheckNeed = Literal["without_number", "always", "never"]

USUAL_NUMBER = "customer_number"  # the blank's name in most sheets
_STOPPING = ("stop", "move")  # a household is left without water or electricity where somebody else asked for it


@dataclass(frozen=True)
class AssuranceRule:
    """[assurance] of a sheet. number: the blank of the customer number; empty: the sheet has none.

    check: when whoever accepts the notice has to say how they made sure (identity check). login: the claims that an
    identity login has to prove before a notice leaves; empty: the provider asks for none.
    """

    number: str = ""
    check: CheckNeed = "never"
    login: tuple[str, ...] = ()

    def needs_check(self, number: str, proved: Collection[str] = ()) -> bool:
        """Whether a notice whose customer number is in this state, and of which an identity login proved these claims,
        needs an identity check. One of a peer portal may come without the login that this provider asks for.
        """
        if not set(self.login) <= set(proved):
            return True
        return self.check == "always" or (self.check == "without_number" and number not in ("in_format", "given"))


NO_RULE = AssuranceRule()
HOLDER_CONFIRMED, HOLDER_NOT_CONFIRMED = "confirmed", "not_confirmed"


def usual_check(procedure: str) -> CheckNeed:
    """When a sheet that says nothing asks for an identity check."""
    return "without_number" if procedure in _STOPPING else "never"


def known_claims(names: Iterable[object]) -> tuple[str, ...]:
    """The verified claims that this version knows, in the order of the catalogue, each once."""
    said = set(map(str, names))
    return tuple(name for name in CLAIM_NAMES if name in said)


@dataclass(frozen=True)
class AssuranceLine:
    """One part as people read it. proved: whether it was proved."""

    label: str
    text: str
    proved: bool


@dataclass(frozen=True)
class Assurance:
    """The proofs of one notice, as they stood when it was written.

    mailbox_proved_at: when a code or link from the mover's mailbox came back; None: it was not proved.
    mailbox_asked: False where the book is older than that proof, and nobody was asked for one. customer_number:
    whether one was given, and whether it has the provider's format. accepted_before: how many other notices of the
    same move their providers had accepted. login: the identity login, by its name; empty: none. login_at: when;
    login_matched: the verified claims that it said as they were entered; login_asked: those that the provider asks
    for. told_by: the peer portal whose word this is; empty: this one's. helper: who entered it, as they say, where
    that is not the mover. holder: where the contract is another adult's, HOLDER_CONFIRMED or HOLDER_NOT_CONFIRMED.
    check_needed: whether the sheet asks for an identity check before 受理.
    """

    mailbox_proved_at: datetime | None = None
    customer_number: NumberState = "not_asked"
    accepted_before: int = 0
    login: str = ""
    told_by: str = ""
    check_needed: bool = False
    mailbox_asked: bool = True
    helper: Helper | None = None
    holder: str = ""
    login_at: datetime | None = None
    login_matched: tuple[str, ...] = ()
    login_asked: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The member `assurance` of the standard. What is left out was not proved."""
        members: dict[str, Any] = {}
        if self.mailbox_proved_at:
            members["mailbox_proved_at"] = self.mailbox_proved_at.astimezone(JAPAN).isoformat(timespec="seconds")
        members |= {"customer_number": self.customer_number, "accepted_before": self.accepted_before}
        entered_by: dict[str, Any] = {"entered_by": self.helper.as_json()} if self.helper else {}
        entered_by |= {"holder": self.holder} if self.holder else {}
        return members | self._login_members() | entered_by

    def _login_members(self) -> dict[str, Any]:
        if not self.login:
            return {}
        at = {"login_at": self.login_at.astimezone(JAPAN).isoformat(timespec="seconds")} if self.login_at else {}
        matched = {"login_matched": list(self.login_matched)} if self.login_matched else {}
        return {"login": self.login, **at, **matched}

    @classmethod
    def from_json(
        cls,
        source: Mapping[str, Any],
        told_by: str = "",
        check_needed: bool = False,
        login_asked: Iterable[str] = (),
    ) -> "Assurance":
        """The inverse of as_json, with what the standard does not have. A state of the number that this version does
        not know counts as not given, and a claim that it does not know as not matched.
        """
        proved_at, number = source.get("mailbox_proved_at"), source.get("customer_number", "not_asked")
        login, login_at = str(source.get("login", "")), source.get("login_at")
        return cls(
            mailbox_proved_at=datetime.fromisoformat(proved_at) if proved_at else None,
            customer_number=number if number in _NUMBER_TEXTS else "not_given",
            accepted_before=int(source.get("accepted_before", 0)),
            login=login,
            login_at=datetime.fromisoformat(login_at) if login and login_at else None,
            login_matched=known_claims(source.get("login_matched", ())) if login else (),
            login_asked=known_claims(login_asked),
            told_by=told_by,
            check_needed=check_needed,
            helper=Helper.from_json(source["entered_by"]) if source.get("entered_by") else None,
            holder=str(source.get("holder", "")),
        )

    def as_stored(self) -> dict[str, Any]:
        """All of it, as it is sealed with a notice."""
        asked = {"login_asked": list(self.login_asked)} if self.login_asked else {}
        return {**self.as_json(), "told_by": self.told_by, "check_needed": self.check_needed, **asked}

    @classmethod
    def from_stored(cls, source: Mapping[str, Any] | None) -> "Assurance | None":
        """The inverse of as_stored; None: it was not recorded."""
        if not source:
            return None
        check_needed, login_asked = source.get("check_needed", False), source.get("login_asked", ())
        return cls.from_json(source, source["told_by"], check_needed, login_asked)

    def lines(self) -> tuple[AssuranceLine, ...]:
        """Each part as the provider's people read it, in Japanese as everything on paper."""
        proved_at = self.mailbox_proved_at
        moment = f"{proved_at.astimezone(JAPAN):%Y-%m-%d %H:%M}" if proved_at else ""
        count = self.accepted_before
        return (
            AssuranceLine(_MAILBOX, self._mailbox_text().replace("%s", moment), bool(moment)),
            AssuranceLine(_NUMBER, _NUMBER_TEXTS[self.customer_number], self.customer_number == "in_format"),
            AssuranceLine(_BEFORE, (_ACCEPTED if count else _NONE_ACCEPTED).replace("%s", str(count)), count > 0),
            AssuranceLine(_LOGIN, self._login_text(), bool(self.login)),
            *((AssuranceLine(_ENTERED_BY, _helper_text(self.helper), False),) if self.helper else ()),
            *((self._holder_line(),) if self.holder else ()),
        )

    def _holder_line(self) -> AssuranceLine:
        is_confirmed = self.holder == HOLDER_CONFIRMED
        return AssuranceLine(_HOLDER, _HOLDER_CONFIRMED if is_confirmed else _HOLDER_NOT_CONFIRMED, is_confirmed)

    def _login_text(self) -> str:
        """Which login, when, and what matched. One that says no claims that match is named, as it always was."""
        if not self.login:
            return _LOGIN_MISSING if self.login_asked else _NO_LOGIN
        when = f"（{self.login_at.astimezone(JAPAN):%Y-%m-%d %H:%M}）" if self.login_at else ""
        matched = "・".join(CLAIM_LABELS[name] for name in self.login_matched)
        return f"{self.login}{when}" + (_MATCHED.replace("%s", matched) if matched else "")

    def _mailbox_text(self) -> str:
        if self.mailbox_proved_at:
            return _PROVED
        return _NOT_PROVED if self.mailbox_asked else _NOT_ASKED


ASSURANCE_TITLE = N_("ポータルが確かめたこと")
ASSURANCE_LIMIT = N_("お名前と住所は、お客さまが入力したままです。そこに住む方かどうかは、確かめていません。")
NO_ASSURANCE = N_("確かめたことの記録はありません。")
WITHDRAWN_REPORTED = N_(
    "取消 — メールアドレスの持ち主から、本人に覚えがないと申告がありました。手続しないでください。"
    "もう手続したときは、ご契約の記録にある電話番号で、ご本人にお確かめください。"
)
TOLD_BY = N_("確かめたのは、連携先のポータルです:")


def assurance_text(assurance: Assurance | None) -> str:
    """All parts in one cell of a table."""
    if assurance is None:
        return NO_ASSURANCE
    lines = [f"{line.label}: {line.text}" for line in assurance.lines()]
    return "　".join([f"{TOLD_BY} {assurance.told_by}"] * bool(assurance.told_by) + lines)


def _helper_text(helper: Helper) -> str:
    """The helper as the provider's people read it: all of it is their own word."""
    parts = (helper.role_label, helper.name, helper.relation and _RELATION.replace("%s", helper.relation), helper.phone)
    return _SAID_SO.replace("%s", "　".join(filter(None, parts)))


_ENTERED_BY, _RELATION = N_("入力した方"), N_("関係: %s")
_SAID_SO = N_("ご本人ではありません: %s（入力した方の申告です）")
_HOLDER = N_("引っ越す方とちがうご契約者")
_HOLDER_CONFIRMED = N_("ご契約者あてのメールで、ご契約者が確認しました")
_HOLDER_NOT_CONFIRMED = N_("ご契約者には確かめていません（メールを使わない方とのことです）")
_MAILBOX, _NUMBER = N_("メールアドレス"), N_("お客さま番号")
_BEFORE, _LOGIN = N_("同じ引越しのほかのれんらく"), N_("本人確認のログイン")
_PROVED = N_("届いた番号で確かめました（%s）")
_NOT_PROVED = N_("確かめていません")
_NOT_ASKED = N_("登録された時点では、確かめる手順がありませんでした（確かめていません）")
_ACCEPTED = N_("%s件が事業者に受理されています")
_NONE_ACCEPTED = N_("受理されたものはまだありません")
_NO_LOGIN = N_("使っていません")
_LOGIN_MISSING = N_("使っていません（この手続では求めています）")
_MATCHED = N_(" — 入力とログインの内容が合いました: %s")
_NUMBER_TEXTS: Mapping[NumberState, str] = {
    "in_format": N_("記入あり（形は合っています。ご契約と合うかは確かめていません）"),
    "given": N_("記入あり（形も、ご契約と合うかも確かめていません）"),
    "not_given": N_("記入なし"),
    "not_asked": N_("この様式ではたずねていません"),
}
