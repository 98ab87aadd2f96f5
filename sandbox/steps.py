"""The four steps of every form: input, (edit,) confirm, done. The only state between them is in the pages."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from sandbox.form import Form, Site
from sandbox.http_messages import Response
from sandbox.registrations import Registration, RegistrationStore
from sandbox.rendering import render_page
from sandbox.requested_day import date_window, japanese_date
from sandbox.return_link import invalid_return_links, is_web_address, signed_return_link
from sandbox.validation import FieldError, validation_errors

REGISTER_ONCE = "uketsuke_token"  # the hidden field against double submit: one application is registered once


@dataclass(frozen=True)
class Application:
    """One application as a page carries it: values by field name, the way back, the form's own token."""

    values: Mapping[str, str]
    back: str
    token: str


@dataclass(frozen=True)
class Steps:
    """One form of one site at one moment."""

    site: Site
    form: Form
    secret: str
    registrations: RegistrationStore
    now: datetime

    def entry(self, posted: Mapping[str, str]) -> Response:
        """The entry from outside fills in what may be handed over; the provider's own items stay empty."""
        accepted = {
            blank.name: posted[blank.name] for blank in self.form.blanks if blank.name in posted and not blank.own
        }
        return self._input(Application(accepted, self._back(posted), secrets.token_hex(16)), [])

    def edit(self, posted: Mapping[str, str]) -> Response:
        application = self._posted_application(posted)
        return self._input(application, []) if application else self._lost()

    def confirm(self, posted: Mapping[str, str]) -> Response:
        application = self._posted_application(posted)
        if application is None:
            return self._lost()
        errors = validation_errors(self.form, application.values, self.now.date())
        if errors:
            return self._input(application, errors)
        return self._page("confirm.html", application)

    def done(self, posted: Mapping[str, str]) -> Response:
        application = self._posted_application(posted)
        if application is None:
            return self._lost()
        where = (self.site.slug, self.form.procedure, application.token)
        before = self.registrations.find(*where)
        if before:
            return self._registered(application, before, again=True)
        errors = validation_errors(self.form, application.values, self.now.date())
        if errors:
            return self._input(application, errors)
        return self._registered(application, self.registrations.register(*where, self.now), again=False)

    def _posted_application(self, posted: Mapping[str, str]) -> Application | None:
        token = posted.get(REGISTER_ONCE, "")
        if not re.fullmatch("[0-9a-f]{32}", token):
            return None
        values = {blank.name: posted.get(blank.name, "") for blank in self.form.blanks}
        return Application(values, self._back(posted), token)

    def _back(self, posted: Mapping[str, str]) -> str:
        url = posted.get(self.site.back, "")
        return url if is_web_address(url) else ""

    def _input(self, application: Application, errors: list[FieldError]) -> Response:
        windows = []
        for day in self.form.days:
            first, last = date_window(day, self.now.date())
            windows.append((day.word, japanese_date(first, day), japanese_date(last, day)))
        return self._page(
            "input.html",
            application,
            faults=errors,
            faulty={error.name for error in errors},
            windows=windows,
        )

    def _registered(self, application: Application, made: Registration, *, again: bool) -> Response:
        day = datetime.fromtimestamp(made.at, self.now.tzinfo).date()
        number = self.site.number.format(day=day, serial=made.serial)
        back = application.back
        return self._page(
            "done.html",
            application,
            number=number,
            again=again,
            way_back=signed_return_link(back, self.secret, number, made.at) if back else "",
            trials=invalid_return_links(back, self.secret, number, made.at) if back else [],
        )

    def _lost(self) -> Response:
        return self._page("lost.html", None, HTTPStatus.BAD_REQUEST)

    def _page(
        self,
        template: str,
        application: Application | None,
        status: HTTPStatus = HTTPStatus.OK,
        **context: object,
    ) -> Response:
        context |= {"site": self.site, "form": self.form, "application": application, "token_name": REGISTER_ONCE}
        return render_page(template, self.site.charset, status, **context)
