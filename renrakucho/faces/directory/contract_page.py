"""Contract page: how a mover finds out which company the contract is with, for it need not be the area's."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

# The first two of the 22 digits say the area (https://www.eneos-power.co.jp/article/basics-electricity/
# supply-point-number-check, read on 2026-11-25; as are the 22 digits of electricity and the 17 of gas).
AREAS = {
    "01": _("北海道電力の地域"),
    "02": _("東北電力の地域"),
    "03": _("東京電力の地域"),
    "04": _("中部電力の地域"),
    "05": _("北陸電力の地域"),
    "06": _("関西電力の地域"),
    "07": _("中国電力の地域"),
    "08": _("四国電力の地域"),
    "09": _("九州電力の地域"),
    "10": _("沖縄電力の地域"),
}
SOURCE = "https://www.eneos-power.co.jp/article/basics-electricity/supply-point-number-check"
READ_ON = "2026-11-25"


@require_safe
def contract_page(request: HttpRequest) -> HttpResponse:
    """Say for each industry where the company's name and the supply point number are printed."""
    context = {"section": "search", "areas": AREAS.items(), "source": SOURCE, "read_on": READ_ON}
    return render(request, "directory/contract.html", context)
