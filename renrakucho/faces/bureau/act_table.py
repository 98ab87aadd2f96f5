"""The operator's acts as the bureau's pages offer them: one table of form, dry run and act.

The acts themselves stand in the rooms they change; each is idempotent and writes its own audit row.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from renrakucho.faces.bureau.act_forms import (
    ActForm,
    AnnounceForm,
    DisconnectForm,
    EndAnnouncementForm,
    LaneActForm,
    PauseForm,
    ProviderActForm,
)
from renrakucho.faces.bureau.destination_act import DestinationForm, destination_dry_run, perform_confirmation
from renrakucho.faces.bureau.opening_acts import (
    ApprovalForm,
    CodeForm,
    OpeningForm,
    approval_dry_run,
    code_dry_run,
    opening_dry_run,
    perform_approval,
    perform_opening,
    perform_opening_by_code,
)
from renrakucho.faces.bureau.postcards_page import batch_dry_run, perform_batch
from renrakucho.faces.bureau.resend_acts import (
    ResendForm,
    SwitchForm,
    perform_resend,
    perform_switch,
    resend_dry_run,
    switch_dry_run,
)
from renrakucho.faces.bureau.trial_act import TrialForm, perform_trial
from renrakucho.monitoring.lane_figures import lane_figures
from renrakucho.notice.operator_acts import (
    announce,
    end_announcement,
    mark_connected,
    mark_not_connected,
    pause_lanes,
    resume_lanes,
)
from renrakucho.notice.operator_decisions import standing_decisions
from renrakucho.provider.staff import Staff


@dataclass(frozen=True)
class OperatorAct:
    """title: what it does, on its page and button; explained: what follows from it.

    dry_run: sentences that say what would happen, from a valid form, changing nothing. perform: does it, and says what
    was done; raises BadDecision. offered: whether it is begun from the page of acts, not only from what it ends.
    """

    title: Promise
    explained: Promise
    form: type[ActForm]
    dry_run: Callable[[ActForm], list[str]]
    perform: Callable[[Staff, ActForm], str]
    offered: bool = True


def _lane_dry_run(form: ActForm) -> list[str]:
    provider, channel = form.cleaned_data["provider"], form.cleaned_data["channel"]
    lanes = [lane for lane in lane_figures() if provider in ("", lane.provider) and channel in ("", lane.channel)]
    waiting = sum(lane.due + lane.later for lane in lanes)
    flying = sum(lane.in_flight for lane in lanes)
    said = [
        ngettext("送信を待っているれんらくは%(num)s件です。", "送信を待っているれんらくは%(num)s件です。", waiting)
        % {"num": waiting}
    ]
    if flying:
        said.append(
            ngettext(
                "いま送っている途中の%(num)s件は、止まりません。",
                "いま送っている途中の%(num)s件は、止まりません。",
                flying,
            )
            % {"num": flying}
        )
    return said


def _pause(staff: Staff, form: ActForm) -> str:
    typed = form.cleaned_data
    names = ("provider", "channel", "sentence", "english", "ends_at")
    pause_lanes(staff, **{name: typed[name] for name in names})
    return _("送信を止めました。お客さまのページに文が出ています。")


def _resume(staff: Staff, form: ActForm) -> str:
    due = resume_lanes(staff, provider=form.cleaned_data["provider"], channel=form.cleaned_data["channel"])
    return ngettext(
        "また送りはじめました。%(num)s件がいま送られます。", "また送りはじめました。%(num)s件がいま送られます。", due
    ) % {"num": due}


def _disconnect(staff: Staff, form: ActForm) -> str:
    typed = form.cleaned_data
    mark_not_connected(staff, typed["provider"], sentence=typed["sentence"], english=typed["english"])
    return _("つながない事業者にしました。新しいお申し込みには、電話とホームページを案内します。")


def _connect(staff: Staff, form: ActForm) -> str:
    mark_connected(staff, form.cleaned_data["provider"])
    return _("つなぐ事業者にもどしました。")


def _announce(staff: Staff, form: ActForm) -> str:
    typed = form.cleaned_data
    names = ("sentence", "english", "begins_at", "ends_at")
    announce(staff, **{name: typed[name] for name in names})
    return _("お知らせを、すべてのページの上に出しました。")


def _end_announcement(staff: Staff, form: ActForm) -> str:
    ended = end_announcement(staff, form.cleaned_data["decision"])
    return _("お知らせを下げました。") if ended else _("このお知らせは、もう下げてあります。")


def _announcement_dry_run(form: ActForm) -> list[str]:
    return [each.sentence for each in standing_decisions() if each.id == form.cleaned_data["decision"]]


def _nothing_more(form: ActForm) -> list[str]:
    return []


ACTS: Mapping[str, OperatorAct] = {
    "pause": OperatorAct(
        gettext_lazy("送信を止める"),
        gettext_lazy(
            "再開するか、終わりの日時になるまで送りません。受付窓口とAPIの一覧にも、新しくは載せません。もう届いたものは、そのまま読め、答えられます。待っているれんらくはなくならず、お客さまのページに文が出ます。"
        ),
        PauseForm,
        _lane_dry_run,
        _pause,
    ),
    "resume": OperatorAct(
        gettext_lazy("また送りはじめる"),
        gettext_lazy("止めていたれんらくを、いまから送ります。止めたときと同じ事業者と方式をお選びください。"),
        LaneActForm,
        _lane_dry_run,
        _resume,
        offered=False,
    ),
    "retry": OperatorAct(
        gettext_lazy("もう一度送る"),
        gettext_lazy(
            "未達になったものと、あとで送ることになっているものを、いま送ります。事業者に届かなかった取消も送ります。前と同じキーで送るので、キーを見る相手には二重になりません。"
        ),
        ResendForm,
        resend_dry_run,
        perform_resend,
    ),
    "switch": OperatorAct(
        gettext_lazy("別の方式で送る"),
        gettext_lazy("1件のれんらくを、その事業者のほかの接続で送ります。"),
        SwitchForm,
        switch_dry_run,
        perform_switch,
    ),
    "trial": OperatorAct(
        gettext_lazy("試験のれんらくを送る"),
        gettext_lazy(
            "実際にはいないお客さまのれんらくを、事業者に本当に送ります。題名とお名前に「試験」と入ります。先に事業者へお伝えください。"
        ),
        TrialForm,
        _nothing_more,
        perform_trial,
    ),
    "open": OperatorAct(
        gettext_lazy("れんらくの内容を開くことを申請する"),
        gettext_lazy(
            "1件のれんらくの内容を、ほかの操作する人が認めると、30分だけ読めます。お客さまにメールで知らせ、開示記録に理由が載ります。"
        ),
        OpeningForm,
        opening_dry_run,
        perform_opening,
    ),
    "open-by-code": OperatorAct(
        gettext_lazy("お客さまの番号で、れんらくの内容を開く"),
        gettext_lazy(
            "お客さまが、れんらく帳の「事務局に見てもらう」で作った番号を聞いて入れると、その1件を30分だけ読めます。お客さまにメールで知らせ、開示記録に理由が載ります。"
        ),
        CodeForm,
        code_dry_run,
        perform_opening_by_code,
    ),
    "approve-opening": OperatorAct(
        gettext_lazy("れんらくの内容を開くことを認める"),
        gettext_lazy("申請した人が、いまから30分だけ、この1件の内容を読めます。お客さまにメールで知らせます。"),
        ApprovalForm,
        approval_dry_run,
        perform_approval,
        offered=False,
    ),
    "disconnect": OperatorAct(
        gettext_lazy("つながない事業者にする"),
        gettext_lazy(
            "新しいお申し込みには、電話とホームページだけを案内します。もう送信を頼まれたれんらくは、そのまま送ります。"
        ),
        DisconnectForm,
        _nothing_more,
        _disconnect,
    ),
    "connect": OperatorAct(
        gettext_lazy("つなぐ事業者にもどす"),
        gettext_lazy("また、ここから手続できるようにします。"),
        ProviderActForm,
        _nothing_more,
        _connect,
        offered=False,
    ),
    "confirm-destination": OperatorAct(
        gettext_lazy("送り先の変更を確かめる"),
        gettext_lazy(
            "接続の設定で、れんらくの送り先が変わっています。事業者に、前から知っている電話番号で確かめてから押してください。二人が確かめると有効になります。"
        ),
        DestinationForm,
        destination_dry_run,
        perform_confirmation,
        offered=False,
    ),
    "postcards": OperatorAct(
        gettext_lazy("元の住所へのはがきの束を作る"),
        gettext_lazy(
            "待っているはがきを1つの束にします。住所を伏せる引越しのはがきは作りません。1つのれんらく帳から、同じ住所へ2枚は出ません。"
        ),
        ActForm,
        batch_dry_run,
        perform_batch,
        offered=False,
    ),
    "announce": OperatorAct(
        gettext_lazy("すべてのページで知らせる"),
        gettext_lazy(
            "点検などの予定を、お客さま・受付窓口・事務局のすべてのページの上に出します。終わりの日時に自動で消えます。"
        ),
        AnnounceForm,
        _nothing_more,
        _announce,
    ),
    "end-announcement": OperatorAct(
        gettext_lazy("お知らせを下げる"),
        gettext_lazy("すべてのページから消します。"),
        EndAnnouncementForm,
        _announcement_dry_run,
        _end_announcement,
        offered=False,
    ),
}
