"""A small page that makes a link into the application flow, for a municipality's site or an intranet."""

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from renrakucho.address.place_lookup import BadPostalCode, parse_postal_code, towns_at
from renrakucho.faces.directory.place.place_error import ADVICE
from renrakucho.faces.directory.place.place_links import apply_link, url_with_query
from renrakucho.provider.models import Industry


class LinkForm(forms.Form):
    """What the link fills in; all may be left open."""

    origin = forms.CharField(label=_("どこから"), required=False, max_length=100)
    destination = forms.CharField(label=_("どこへ"), required=False, max_length=100)
    industries = forms.MultipleChoiceField(label=_("業種"), required=False, choices=Industry.choices)

    def clean_origin(self) -> str:
        return _seven(self.cleaned_data["origin"])

    def clean_destination(self) -> str:
        return _seven(self.cleaned_data["destination"])


@require_safe
def link_maker_page(request: HttpRequest) -> HttpResponse:
    """The form, and below it the link with what was given."""
    form = LinkForm(request.GET or None, auto_id="link_%s")
    made = searching = ""
    if form.is_valid():
        origin, destination = form.cleaned_data["origin"], form.cleaned_data["destination"]
        made = settings.BASE_URL + apply_link(origin, destination, form.cleaned_data["industries"])
        searching = settings.BASE_URL + url_with_query("directory:search", postal_code=destination or origin)
    context = {"door": "search", "form": form, "made": made, "searching": searching, "codes": Industry.choices}
    return render(request, "directory/link.html", context, status=422 if form.errors else 200)


def _seven(text: str) -> str:
    """Seven digits of a code that exists; "" for nothing."""
    if not text:
        return ""
    try:
        towns_at(text)
    except BadPostalCode as error:
        advice = ADVICE[error.reason]
        raise forms.ValidationError(f"{advice.said}。{advice.next_step}") from None
    return parse_postal_code(text)
