"""Problem details (RFC 9457): errors of the API, with a reason for programs."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from renrakucho.lib.errors import RenrakuchoError
from renrakucho.page.http import problem_details_response


@dataclass(frozen=True, slots=True)
class ProblemAdvice:
    """status: of HTTP. title: English, for programs. detail: what is wrong and what to do."""

    status: int
    title: str
    detail: Promise


ADVICE = {
    "no_key": ProblemAdvice(
        401,
        "No key was sent",
        _("鍵が付いていません。Authorization: Bearer に続けて、システム鍵を送ってください。"),
    ),
    "bad_key": ProblemAdvice(
        401,
        "The key is unknown, revoked or past its time",
        _("この鍵は使えません。取り消されたか期限が過ぎています。お試し用の鍵は、お試し環境でしか使えません。"),
    ),
    "not_allowed": ProblemAdvice(
        403,
        "The key was not made for this",
        _("この鍵では、この操作はできません。読むための鍵と答えるための鍵は別に作れます。"),
    ),
    "reason_needed": ProblemAdvice(
        403,
        "The notice is confidential: ?reason= has to say why it is read",
        _("住所秘匿のれんらくです。読むわけを ?reason= に付けてください。操作の記録に残り、お客さまにも見えます。"),
    ),
    "not_found": ProblemAdvice(
        404,
        "There is no such notice for this provider",
        _("この番号のれんらくは、貴社あてにはありません。番号をお確かめください。"),
    ),
    "wrong_method": ProblemAdvice(
        405, "The method is not one of those that are allowed here", _("このアドレスでは使えない操作です。")
    ),
    "withdrawn": ProblemAdvice(
        409,
        "The mover has taken the notice back",
        _("お客さまが取り消したため、答えられません。登録ずみなら取り消してください。"),
    ),
    "replaced": ProblemAdvice(
        409,
        "A newer notice stands for this one",
        _("お客さまが内容を変更したため、この番号では答えられません。replaced_by の番号で答えてください。"),
    ),
    "already_accepted": ProblemAdvice(
        409,
        "The notice was accepted already, with another receipt number or where a return was asked for",
        _("すでに受理されています。受付番号はあとから変えられません。お客さまに電話でお伝えください。"),
    ),
    "already_returned": ProblemAdvice(
        409,
        "The notice was sent back already",
        _("すでに差し戻されています。お客さまがなおすと、新しいれんらくとして届きます。"),
    ),
    "unchecked": ProblemAdvice(
        422,
        "The notice has no customer number: identity_check has to say how you made sure of the customer",
        _("お客さま番号がないれんらくです。どう確かめたかを identity_check に入れて、もう一度送ってください。"),
    ),
    "too_large": ProblemAdvice(
        413, "The body is too large", _("本文が大きすぎます。16キロバイトまでにしてください。")
    ),
    "not_json": ProblemAdvice(
        415,
        "The content type is not application/json",
        _("本文はJSONで、Content-Type: application/json を付けて送ってください。"),
    ),
    "bad_json": ProblemAdvice(
        400,
        "The body is not one JSON object in UTF-8, or a name stands in it twice",
        _("本文を読み取れません。UTF-8のJSONのオブジェクトひとつで、同じ名前は一度だけにしてください。"),
    ),
    "bad_field": ProblemAdvice(
        422,
        "A field is missing, unknown, empty, too long or holds characters that cannot be seen",
        _("項目が足りないか、余分か、空か、長すぎるか、目に見えない文字が入っています。field がその項目です。"),
    ),
    "bad_query": ProblemAdvice(
        422,
        "A query parameter cannot be understood",
        _("アドレスの ? から後を読み取れません。field がその項目です。after には前の答えの next を入れてください。"),
    ),
    "bad_idempotency_key": ProblemAdvice(
        422,
        "The Idempotency-Key is not 1 to 200 visible ASCII characters",
        _("Idempotency-Key は、半角の英数字と記号で200文字までにしてください。"),
    ),
    "idempotency_key_used": ProblemAdvice(
        422,
        "The Idempotency-Key came before with something else",
        _("この Idempotency-Key は、別の内容で使われています。内容ごとに新しい値にしてください。"),
    ),
    "too_many": ProblemAdvice(
        429, "Too many requests", _("回数が多すぎます。Retry-After の秒数だけ待って、もう一度送ってください。")
    ),
}  # fmt: skip


class ApiProblem(RenrakuchoError):
    """An error that becomes the response. more: members beside the usual ones; headers: of the response."""

    def __init__(self, reason: str, *, headers: Mapping[str, str] | None = None, **more: object) -> None:
        super().__init__(reason)
        self.reason = reason
        self.headers = headers or {}
        self.more = more


def problem_response(problem: ApiProblem) -> HttpResponse:
    """The response; its `type` points at the explanation in the API's description."""
    advice = ADVICE[problem.reason]
    return problem_details_response(
        f"{settings.BASE_URL}{reverse('systems:openapi')}#/components/x-problems/{problem.reason}",
        title=advice.title,
        status=advice.status,
        detail=str(advice.detail),
        reason=problem.reason,
        more=problem.more,
        headers=problem.headers,
    )
