"""Display of a notice: which message, buttons and sections its status calls for, so that templates decide nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from renrakucho.faces.book.apply_by_texts import apply_by_sentence
from renrakucho.notice.models import Status
from renrakucho.page.formatting import format_clock
from renrakucho.receipt.models import ReceiptKind
from renrakucho.receipt.notice_view import NoticeView
from renrakucho.receipt.transitions import may_happen

_TOLD = (Status.ENTERED, Status.SENT, Status.HANDED_OVER, Status.ACCEPTED)


@dataclass(frozen=True)
class NoticeDisplay:
    """A notice as a template shows it. `waiting_note` says what is going on with an entered notice, "" elsewhere."""

    view: NoticeView
    waiting_note: str = ""

    @property
    def message(self) -> str:
        """The macro of book/notice_messages.html that says how the notice stands; "" for none."""
        return next((name for name, applies in _MESSAGES.items() if applies(self)), "")

    @property
    def by_when(self) -> str:
        """By when the mover has to act, in a sentence; "" where there is nothing to do."""
        return apply_by_sentence(self.view.apply_by, timezone.now()) if self.view.awaits_mover else ""

    @property
    def act_by(self) -> date | None:
        """The large date of the leaf: the last day to apply, or the day that the portal recommends."""
        by, today = self.view.apply_by, timezone.localdate()
        on = by.last_on or by.recommended_on
        return on if self.view.awaits_mover and not self.is_late and on and on >= today else None

    @property
    def act_by_label(self) -> str:
        """The words above the large date: a recommended day is no deadline."""
        return (
            pgettext("above a date", "締切") if self.view.apply_by.closes_at else pgettext("above a date", "おすすめ")
        )

    @property
    def act_by_time(self) -> str:
        """The words below the large date."""
        cut_off = self.view.apply_by.cut_off
        return _("%(time)sまで") % {"time": format_clock(cut_off)} if cut_off else pgettext("below a date", "まで")

    @property
    def is_late(self) -> bool:
        """Whether the mover has to call, since it is or may be too late for a form."""
        by = self.view.apply_by
        standing = by.standing(timezone.now())
        is_late = standing in ("closed", "refused", "near") or (standing == "passed" and by.is_bound_to_day)
        return self.view.awaits_mover and is_late

    @property
    def status_code(self) -> str:
        """The code of the status, for its mark."""
        return self.view.status.value

    @property
    def is_new(self) -> bool:
        """Whether nothing was told yet."""
        return self.view.status == Status.NOT_ENTERED

    @property
    def is_sent(self) -> bool:
        """Whether the provider has it."""
        return self.view.status == Status.SENT

    @property
    def is_unanswered(self) -> bool:
        """Whether the mover should telephone, since the answer has not come by the time that it was due."""
        phone_at = self.view.notice.phone_at
        return self.view.status.awaits_answer and phone_at is not None and timezone.now() >= phone_at

    @property
    def is_undelivered(self) -> bool:
        """Whether the mover has to call, since the provider could not be reached."""
        return self.view.status == Status.UNDELIVERED

    @property
    def return_reason(self) -> str:
        """Why the provider returned it; "" where it did not, or where it was sent again."""
        return self.view.reason if self.view.status == Status.RETURNED else ""

    @property
    def change_label(self) -> str:
        """The label of the button that changes it."""
        return _("直して送る") if self.view.status in (Status.RETURNED, Status.UNDELIVERED) else _("変更")

    @property
    def told_heading(self) -> str:
        """The heading above what was told."""
        if self.view.closed_as_not_done:
            return _("事業者の画面へ引き継いだ内容（手続していません）")
        return _("伝えた内容（取り消しました）") if self.view.status == Status.WITHDRAWN else _("伝えた内容")

    @property
    def is_movers_to_tell(self) -> bool:
        """Whether the mover has to tell the provider: nothing goes there from here."""
        return self.is_new and self.view.listed and not self.view.own_word_at

    @property
    def is_outdated(self) -> bool:
        """Whether the provider was told something else than is entered now."""
        return self.view.outdated and self.view.status in _TOLD

    @property
    def has_open_rules(self) -> bool:
        """Whether the provider's rules still matter."""
        return self.view.status not in (Status.ACCEPTED, Status.WITHDRAWN)

    @property
    def takes_own_word(self) -> bool:
        """Whether the mover can note that it is done."""
        if self.view.own_word_at or (self.is_new and self.view.may_begin):
            return False
        return may_happen(ReceiptKind.OWN_WORD, self.view.status)

    @property
    def has_own_word(self) -> bool:
        """Whether the mover noted that it is done, and can correct that."""
        return bool(self.view.own_word_at) and may_happen(ReceiptKind.OWN_WORD, self.view.status)

    @property
    def is_closed_here(self) -> bool:
        """Whether it can be changed and withdrawn by phone only."""
        view = self.view
        return not view.may_withdraw and (view.is_accepted or view.is_handed_over or view.too_late_to_withdraw)


# The first that applies is shown.
_MESSAGES: dict[str, Callable[[NoticeDisplay], object]] = {
    "returned": lambda display: display.return_reason,
    "not_sent": lambda display: display.view.was_refused_here,
    "undelivered": lambda display: display.is_undelivered,
    "withdrawal_lost": lambda display: display.view.withdrawal_lost,
    "own_word": lambda display: display.view.own_word_at and not display.view.is_accepted,
    "paused": lambda display: display.view.pause,
    "awaits_holder": lambda display: display.view.awaits_holder,
    "awaits_login": lambda display: display.view.awaits_login,
    "held": lambda display: display.view.is_held,
    "not_connected": lambda display: display.is_movers_to_tell and display.view.not_connected,
    "phone_only": lambda display: display.is_movers_to_tell and display.view.by_phone,
    "movers_to_tell": lambda display: display.is_movers_to_tell,
    "handed_over": lambda display: display.view.is_handed_over,
    "unanswered": lambda display: display.is_unanswered,
    "waiting": lambda display: display.waiting_note,
    "sent": lambda display: display.is_sent,
}
