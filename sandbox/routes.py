"""Routes: which page answers which address."""

import tomllib
from collections.abc import Callable, Iterable
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from wsgiref.types import StartResponse, WSGIEnvironment

from sandbox import mail_pages
from sandbox.http_messages import Request, Response, TooLarge, read_request, send_response
from sandbox.mail_store import MailStore
from sandbox.openid_issuer import OpenIdIssuer
from sandbox.registrations import RegistrationStore
from sandbox.rendering import render_page
from sandbox.sites import SITES, find_form
from sandbox.steps import Steps
from sandbox.system.provider_system import ProviderSystem

HERE = Path(__file__).parent
SYSTEMS = ("yokosuka-water",)  # the providers that have a system here, and no site


class Sandbox:
    """Keeps its state in the folder `var`; `now` tells the time with its zone."""

    def __init__(self, var: Path, now: Callable[[], datetime]) -> None:
        self._now = now
        self._registrations = RegistrationStore(var / "registrations.sqlite3")
        self._mails = MailStore(var / "mail")
        self._styles = {path.name: path.read_bytes() for path in (HERE / "static").glob("*.css")}
        self._secrets: dict[str, str] = tomllib.loads((HERE / "secrets.toml").read_text(encoding="utf-8"))
        self._openid = OpenIdIssuer(self._secrets["openid"])
        keys = var.parent / "trial_keys.txt"
        self._systems = {
            slug: ProviderSystem(slug, self._secrets[slug], var / "system" / slug, keys) for slug in SYSTEMS
        }

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        try:
            response = self._respond(read_request(environ))
        except TooLarge:
            response = _missing(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        return send_response(response, str(environ["REQUEST_METHOD"]), start_response)

    def _respond(self, request: Request) -> Response:
        match request.path.strip("/").split("/"):
            case [""]:
                return render_page("index.html", "UTF-8", sites=SITES.values(), systems=SYSTEMS)
            case ["style", name] if name in self._styles:
                return Response(self._styles[name], "text/css; charset=UTF-8")
            case ["mail.json"]:
                return mail_pages.mail_json(self._mails)
            case ["mail"]:
                return mail_pages.mail_list_page(self._mails)
            case ["mail", name] if name.endswith(".eml"):
                return mail_pages.raw_mail(self._mails, name.removesuffix(".eml")) or _missing()
            case ["mail", key, name] if name.endswith(".png"):
                return mail_pages.fax_page(self._mails, key, name.removesuffix(".png")) or _missing()
            case ["mail", key]:
                return mail_pages.mail_page(self._mails, key) or _missing()
            case ["id", *page]:
                return self._openid.respond(request, "/".join(page)) or _missing()
            case ["system", slug] if slug in self._systems:
                system = self._systems[slug]
                return system.receive(request, self._now()) if request.method == "POST" else system.list_page()
            case ["system", slug, number, ("read" | "accept" | "return" | "replay") as verb] if slug in self._systems:
                posted = request.method == "POST"
                return (self._systems[slug].answer(request, number, verb) if posted else None) or _missing()
            case [slug, procedure]:
                if request.headers.get("origin") == "null":  # as sites do that want to know who posts to them
                    return _missing(HTTPStatus.FORBIDDEN)
                return self._step(request, slug, procedure, "entry")
            case [slug, procedure, ("edit" | "confirm" | "done") as step]:
                return self._step(request, slug, procedure, step)
        return _missing()

    def _step(self, request: Request, slug: str, procedure: str, step: str) -> Response:
        found = find_form(slug, procedure)
        if found is None:
            return _missing()
        site, form = found
        steps = Steps(site, form, self._secrets[slug], self._registrations, self._now())
        posted = request.posted(site.charset) if request.method == "POST" else {}
        match step:
            case "edit":
                return steps.edit(posted)
            case "confirm":
                return steps.confirm(posted)
            case "done":
                return steps.done(posted)
        return steps.entry(posted)


def _missing(status: HTTPStatus = HTTPStatus.NOT_FOUND) -> Response:
    return render_page("missing.html", "UTF-8", status)
