"""Plain Django application, the yardstick of `benchmarks.ladder`: six requests, then twelve notices are stored.

It is what Django gives by itself: models, forms, sessions in the database, CSRF tokens, Django's templates. It seals
nothing, checks little and tells nobody. `DATABASE_URL` names an empty database; `python -m benchmarks.plain_django`
makes its tables, and granian serves `benchmarks.plain_django:application`.
"""

import os
import uuid
from pathlib import Path
from typing import Any

import dj_database_url
import django
from django.conf import settings

NOTICES = 12
_ITEMS = ("family_name", "given_name", "phone", "email", "old_address", "new_address", "leave_on", "arrive_on")

settings.configure(
    SECRET_KEY="of a benchmark",  # noqa: S106 - it guards nothing
    ALLOWED_HOSTS=["localhost"],
    ROOT_URLCONF=__name__,
    USE_TZ=True,
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    DATABASES={"default": {**dj_database_url.parse(os.environ["DATABASE_URL"]), "OPTIONS": {"pool": True}}},
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.sessions", "django.contrib.messages"],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "DIRS": [Path(__file__).parent / "plain_templates"],
            "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
        }
    ],
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
)
django.setup()

from django import forms
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.db import connection, models, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path


class Move(models.Model):
    """A move, and what was entered."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    items = models.JSONField()
    registered_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "plain"


class PlainNotice(models.Model):
    """One notice of a move, as text."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    move = models.ForeignKey(Move, on_delete=models.CASCADE)
    provider = models.CharField(max_length=64)
    text = models.JSONField()

    class Meta:
        app_label = "plain"


class PlacesForm(forms.Form):
    """The first page."""

    origin = forms.CharField(max_length=8)
    destination = forms.CharField(max_length=8)


class ItemsForm(forms.Form):
    """The second page."""

    email = forms.EmailField()

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        for name in _ITEMS:
            self.fields.setdefault(name, forms.CharField(max_length=100))


def places_page(request: HttpRequest) -> HttpResponse:
    """Ask for both places."""
    form = PlacesForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        request.session["places"] = form.cleaned_data
        return redirect("/items")
    return render(request, "form.html", {"form": form})


def items_page(request: HttpRequest) -> HttpResponse:
    """Ask for the items."""
    form = ItemsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        request.session["items"] = form.cleaned_data
        return redirect("/check")
    return render(request, "form.html", {"form": form})


def check_page(request: HttpRequest) -> HttpResponse:
    """Show all; POST stores it."""
    said = {**request.session["places"], **request.session["items"]}
    if request.method != "POST":
        return render(request, "check.html", {"said": said})
    with transaction.atomic():
        move = Move._default_manager.create(items=said)
        PlainNotice._default_manager.bulk_create(
            PlainNotice(move=move, provider=f"provider-{number}", text=said) for number in range(NOTICES)
        )
    return HttpResponse(str(move.id))


urlpatterns = [path("", places_page), path("items", items_page), path("check", check_page)]
application = get_wsgi_application()

if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    with connection.schema_editor() as editor:
        for model in (Move, PlainNotice):
            editor.create_model(model)
