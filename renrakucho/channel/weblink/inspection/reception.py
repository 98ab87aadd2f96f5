"""How a live form is reached, and in what it is sent: encryption, hosts, encoding, method."""

from collections.abc import Iterator
from http import HTTPStatus
from urllib.parse import urlsplit

from renrakucho.channel.connection import Connection
from renrakucho.channel.weblink.inspection.browser import Answer, NoAnswer, host_of
from renrakucho.channel.weblink.inspection.finding import Finding
from renrakucho.channel.weblink.inspection.page import LiveForm, LivePage
from renrakucho.lib.reachable import is_this_machine
from renrakucho.sheet.form import Sheet


def no_answer(error: NoAnswer) -> Finding:
    """What stopped the inspection."""
    return Finding("mend", error.trouble, found=host_of(error.url))


def of_status(page: LivePage, *, posted: bool) -> Iterator[Finding]:
    """Whether it answered with a page at all."""
    status = page.answer.status
    if status == HTTPStatus.METHOD_NOT_ALLOWED and not posted:
        yield Finding("unseen", "only-post", found=str(status))
    elif not HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        yield Finding("mend", "post-refused" if posted else "status", expected="200", found=str(status))


def of_transport(answer: Answer) -> Iterator[Finding]:
    """https all the way, but for a machine that talks to itself."""
    plain = [host_of(hop.url) for hop in answer.hops if _is_plain(hop.url)]
    if plain:
        yield Finding("mend", "no-https", expected="https", found=" → ".join(plain))
    elif answer.url.startswith("https:"):
        yield Finding("fine", "https")


def of_hosts(answer: Answer, way: Connection, entry: str, *, posted: bool) -> Iterator[Finding]:
    """Every host of the redirect chain: the portal's page may lead only to those (CSP form-action)."""
    allowed = dict.fromkeys((host_of(entry), *(host_of(host) for host in way.hosts)))
    lacking = [host for host in answer.hosts if host not in allowed]
    chain = " → ".join(f"{hop.method} {host_of(hop.url)} ({hop.status})" for hop in answer.hops)
    if lacking:
        hosts = ", ".join(f'"{host}"' for host in dict.fromkeys((*way.hosts, *lacking)))
        yield Finding("mend", "host-missing", "", ", ".join(allowed), chain, {"hosts": f"hosts = [{hosts}]"})
    elif posted:
        yield Finding("fine", "hosts", found=chain)


def of_encoding(sheet: Sheet, page: LivePage, form: LiveForm) -> Iterator[Finding]:
    """The form's encoding has to be the sheet's, in every place where the page names one."""
    said = page.charsets
    found = f"Content-Type: {said.header or '-'} / meta: {said.meta or '-'} / form: {form.encoding or '-'}"
    expected = f'encoding = "{sheet.encoding}"'
    if not form.encoding:
        yield Finding("mend", "encoding-unsaid", "", expected, found)
    elif form.encoding != sheet.encoding:
        yield Finding("mend", "encoding", "", expected, found, {"form": form.encoding})
    elif said.header and said.meta and said.header != said.meta:
        yield Finding("doubt", "encoding-two", "", expected, found)
    else:
        yield Finding("fine", "encoding-right", found=found)


def of_method(form: LiveForm) -> Iterator[Finding]:
    """Personal data belongs in no address; and what is carried is urlencoded."""
    if form.method != "post":
        yield Finding("mend", "method", "", 'method="post"', f'method="{form.method}"')
    if form.multipart:
        yield Finding("doubt", "multipart", "", "application/x-www-form-urlencoded", "multipart/form-data")
    if _is_plain(form.action):
        yield Finding("mend", "action-plain", "", "https", host_of(form.action))


def _is_plain(url: str) -> bool:
    return url.startswith("http:") and not is_here(url)


def is_here(url: str) -> bool:
    """A site on this very machine, such as the sandbox; names below localhost are (RFC 6761)."""
    host = urlsplit(url).hostname or ""
    return is_this_machine(host) or host.endswith(".localhost")
