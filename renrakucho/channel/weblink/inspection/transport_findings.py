"""Form inspection of the transport: status, https, hosts, encoding and method."""

from collections.abc import Iterator
from http import HTTPStatus
from urllib.parse import urlsplit

from renrakucho.channel.connection import Connection
from renrakucho.channel.weblink.inspection.form_finding import FormFinding
from renrakucho.channel.weblink.inspection.live_page import LiveForm, LivePage
from renrakucho.channel.weblink.inspection.site_browser import NoSiteResponse, SiteResponse, csp_host
from renrakucho.lib.safe_http import is_this_machine
from renrakucho.sheet.form import Sheet


def no_response_finding(error: NoSiteResponse) -> FormFinding:
    """The finding for a site that gave no response."""
    return FormFinding("mend", error.trouble, found=csp_host(error.url))


def status_findings(page: LivePage, *, posted: bool) -> Iterator[FormFinding]:
    """Whether the response is a page at all."""
    status = page.response.status
    if status == HTTPStatus.METHOD_NOT_ALLOWED and not posted:
        yield FormFinding("unseen", "only-post", found=str(status))
    elif not HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        yield FormFinding("mend", "post-refused" if posted else "status", expected="200", found=str(status))


def https_findings(response: SiteResponse) -> Iterator[FormFinding]:
    """Whether every hop uses https, except to this machine."""
    plain = [csp_host(hop.url) for hop in response.hops if _is_plain(hop.url)]
    if plain:
        yield FormFinding("mend", "no-https", expected="https", found=" → ".join(plain))
    elif response.url.startswith("https:"):
        yield FormFinding("fine", "https")


def host_findings(response: SiteResponse, connection: Connection, entry: str, *, posted: bool) -> Iterator[FormFinding]:
    """Whether the connection names every host of the redirect chain, for CSP's form-action."""
    allowed = dict.fromkeys((csp_host(entry), *(csp_host(host) for host in connection.hosts)))
    lacking = [host for host in response.hosts if host not in allowed]
    chain = " → ".join(f"{hop.method} {csp_host(hop.url)} ({hop.status})" for hop in response.hops)
    if lacking:
        hosts = ", ".join(f'"{host}"' for host in dict.fromkeys((*connection.hosts, *lacking)))
        yield FormFinding("mend", "host-missing", "", ", ".join(allowed), chain, {"hosts": f"hosts = [{hosts}]"})
    elif posted:
        yield FormFinding("fine", "hosts", found=chain)


def encoding_findings(sheet: Sheet, page: LivePage, form: LiveForm) -> Iterator[FormFinding]:
    """Whether the form has the sheet's encoding, in every place where the page names one."""
    said = page.charsets
    found = f"Content-Type: {said.header or '-'} / meta: {said.meta or '-'} / form: {form.encoding or '-'}"
    expected = f'encoding = "{sheet.encoding}"'
    if not form.encoding:
        yield FormFinding("mend", "encoding-unsaid", "", expected, found)
    elif form.encoding != sheet.encoding:
        yield FormFinding("mend", "encoding", "", expected, found, {"form": form.encoding})
    elif said.header and said.meta and said.header != said.meta:
        yield FormFinding("doubt", "encoding-two", "", expected, found)
    else:
        yield FormFinding("fine", "encoding-right", found=found)


def method_findings(form: LiveForm) -> Iterator[FormFinding]:
    """Whether the form is posted, urlencoded and over https: personal data belongs in no URL."""
    if form.method != "post":
        yield FormFinding("mend", "method", "", 'method="post"', f'method="{form.method}"')
    if form.multipart:
        yield FormFinding("doubt", "multipart", "", "application/x-www-form-urlencoded", "multipart/form-data")
    if _is_plain(form.action):
        yield FormFinding("mend", "action-plain", "", "https", csp_host(form.action))


def _is_plain(url: str) -> bool:
    return url.startswith("http:") and not is_local_site(url)


def is_local_site(url: str) -> bool:
    """Whether the site is on this machine, such as the sandbox; names below localhost are (RFC 6761)."""
    host = urlsplit(url).hostname or ""
    return is_this_machine(host) or host.endswith(".localhost")
