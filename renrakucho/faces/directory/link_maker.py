"""Link maker: make a link into the application, for a municipality's site or an intranet."""

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from renrakucho.address.place_lookup import BadPostalCode, parse_postal_code, towns_at
from renrakucho.faces.directory.query_problems import ADVICE
from renrakucho.faces.directory.search_page import apply_link, url_with_query
from renrakucho.lib.text_fields import TextLineField
from renrakucho.page.language import ASKED
from renrakucho.provider.models import Industry


class LinkForm(forms.Form):
    """Everything that a link can fill in; each field may stay empty."""

    origin = TextLineField(label=_("どこから"), required=False, max_length=100)
    destination = TextLineField(label=_("どこへ"), required=False, max_length=100)
    industries = forms.MultipleChoiceField(label=_("業種"), required=False, choices=Industry.choices)

    def clean_origin(self) -> str:
        return _existing_postal_code(self.cleaned_data["origin"])

    def clean_destination(self) -> str:
        return _existing_postal_code(self.cleaned_data["destination"])


@require_safe
def link_maker_page(request: HttpRequest) -> HttpResponse:
    """Show the form, and below it the links with the given values."""
    form = LinkForm(request.GET if request.GET.keys() - {ASKED} else None, auto_id="link_%s")
    application_link = search_link = ""
    if form.is_valid():
        origin, destination = form.cleaned_data["origin"], form.cleaned_data["destination"]
        application_link = settings.BASE_URL + apply_link(origin, destination, form.cleaned_data["industries"])
        search_link = settings.BASE_URL + url_with_query("directory:search", postal_code=destination or origin)
    context = {
        "section": "search",
        "form": form,
        "made": application_link,
        "searching": search_link,
        "codes": Industry.choices,
    }
    return render(request, "directory/link.html", context, status=422 if form.errors else 200)


def _existing_postal_code(text: str) -> str:
    """The seven digits of a code that exists; "" for an empty text. Raises ValidationError."""
    if not text:
        return ""
    try:
        towns_at(text)
    except BadPostalCode as error:
        raise forms.ValidationError(ADVICE[error.reason].whole) from None
    return parse_postal_code(text)
