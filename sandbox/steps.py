"""The four steps of every form: input, (edit,) confirm, done. The only state between them is in the pages."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from sandbox.asked_day import window, written
from sandbox.check import Fault, faults
from sandbox.form import Form, Site
from sandbox.ledger import Ledger, Registration
from sandbox.page import page
from sandbox.way_back import is_web_address, signed, trials
from sandbox.wire import Response

ONCE = "uketsuke_token"  # the hidden field by which one application is registered once


@dataclass(frozen=True)
class Application:
    """What a page holds of one application: values by field name, the way back, the form's own token."""

    values: Mapping[str, str]
    back: str
    token: str


@dataclass(frozen=True)
class Steps:
    """One form of one site at one moment."""

    site: Site
    form: Form
    secret: str
    ledger: Ledger
    now: datetime

    def entry(self, posted: Mapping[str, str]) -> Response:
        """From outside: only what may be handed over is taken, the provider's own items stay empty."""
        taken = {blank.name: posted[blank.name] for blank in self.form.blanks if blank.name in posted and not blank.own}
        return self._input(Application(taken, self._back(posted), secrets.token_hex(16)), [])

    def edit(self, posted: Mapping[str, str]) -> Response:
        application = self._held(posted)
        return self._input(application, []) if application else self._lost()

    def confirm(self, posted: Mapping[str, str]) -> Response:
        application = self._held(posted)
        if application is None:
            return self._lost()
        wrong = faults(self.form, application.values, self.now.date())
        if wrong:
            return self._input(application, wrong)
        return self._page("confirm.html", application)

    def done(self, posted: Mapping[str, str]) -> Response:
        application = self._held(posted)
        if application is None:
            return self._lost()
        where = (self.site.slug, self.form.procedure, application.token)
        before = self.ledger.registered(*where)
        if before:
            return self._registered(application, before, again=True)
        wrong = faults(self.form, application.values, self.now.date())
        if wrong:
            return self._input(application, wrong)
        return self._registered(application, self.ledger.register(*where, self.now), again=False)

    def _held(self, posted: Mapping[str, str]) -> Application | None:
        token = posted.get(ONCE, "")
        if not re.fullmatch("[0-9a-f]{32}", token):
            return None
        values = {blank.name: posted.get(blank.name, "") for blank in self.form.blanks}
        return Application(values, self._back(posted), token)

    def _back(self, posted: Mapping[str, str]) -> str:
        url = posted.get(self.site.back, "")
        return url if is_web_address(url) else ""

    def _input(self, application: Application, wrong: list[Fault]) -> Response:
        first, last = window(self.form.day, self.now.date())
        return self._page(
            "input.html",
            application,
            faults=wrong,
            faulty={fault.name for fault in wrong},
            first=written(first, self.form.day),
            last=written(last, self.form.day),
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
            way_back=signed(back, self.secret, number, made.at) if back else "",
            trials=trials(back, self.secret, number, made.at) if back else [],
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
        context |= {"site": self.site, "form": self.form, "application": application, "token_name": ONCE}
        return page(template, self.site.charset, status, **context)
