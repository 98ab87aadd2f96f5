"""Parser of a provider's page: forms, their fields, and links."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser, LexborNode

from renrakucho.channel.weblink.inspection.page_charset import PageCharsets, charset_name, page_charsets
from renrakucho.channel.weblink.inspection.site_browser import SiteResponse

_TICKED = ("radio", "checkbox")
_BUTTONS = ("submit", "image")
_NO_FIELD = (*_BUTTONS, "button", "reset", "file")


@dataclass(frozen=True)
class LiveField:
    """One field by its name. kind: an input's type, or select, or textarea. longest: its maxlength.

    value: what a browser would send now; None: nothing. options: values with what stands beside them.
    """

    name: str
    kind: str
    label: str = ""
    value: str | None = ""
    longest: int | None = None
    required: bool = False
    options: tuple[tuple[str, str], ...] = ()

    @property
    def hidden(self) -> bool:
        return self.kind == "hidden"


@dataclass(frozen=True)
class SubmitButton:
    name: str
    value: str
    words: str


@dataclass(frozen=True)
class LiveForm:
    """encoding: in which it is sent. fields in their order, each name once."""

    action: str
    method: str
    encoding: str
    multipart: bool
    fields: dict[str, LiveField]
    buttons: tuple[SubmitButton, ...]


@dataclass(frozen=True)
class LivePage:
    response: SiteResponse
    charsets: PageCharsets
    forms: tuple[LiveForm, ...]
    links: tuple[str, ...]
    text: str

    def form_with(self, names: set[str]) -> LiveForm | None:
        """The form that has most of these fields; None where none has one."""
        best = max(self.forms, key=lambda form: len(names & form.fields.keys()), default=None)
        return best if best and names & best.fields.keys() else None


def read_live_page(response: SiteResponse) -> LivePage:
    """Parse the page of a response."""
    said = page_charsets(response.content_type, response.body)
    tree = LexborHTMLParser(said.text(response.body))
    labels = _labels(tree)
    base = _base(tree, response.url)
    forms = tuple(_form(node, base, said.used, labels) for node in tree.css("form"))
    links = tuple(urljoin(base, _of(node, "href")) for node in tree.css("a[href]"))
    text = tree.body.text(separator=" ", strip=True) if tree.body else ""
    return LivePage(response, said, forms, links, text)


def _of(node: LexborNode, name: str) -> str:
    return node.attributes.get(name) or ""


def _base(tree: LexborHTMLParser, url: str) -> str:
    base = tree.css_first("base[href]")
    return urljoin(url, _of(base, "href")) if base else url


def _labels(tree: LexborHTMLParser) -> dict[str, str]:
    """Labels by the id of their field."""
    return {_of(node, "for"): _words(node) for node in tree.css("label[for]")}


def _words(node: LexborNode) -> str:
    return " ".join(node.text(separator=" ", strip=True).split())


def _form(node: LexborNode, base: str, page_encoding: str, labels: dict[str, str]) -> LiveForm:
    accepted = _of(node, "accept-charset").replace(",", " ").split()
    fields: dict[str, LiveField] = {}
    for field in _fields(node, labels):
        there = fields.get(field.name)
        fields[field.name] = _both(there, field) if there else field
    return LiveForm(
        action=urljoin(base, _of(node, "action")),
        method=(_of(node, "method") or "get").lower(),
        encoding=charset_name(accepted[0]) if accepted else page_encoding,
        multipart=_of(node, "enctype").lower() == "multipart/form-data",
        fields=fields,
        buttons=tuple(_buttons(node)),
    )


def _fields(form: LexborNode, labels: dict[str, str]) -> Iterator[LiveField]:
    for node in form.css("input[name], select[name], textarea[name]"):
        kind = (_of(node, "type") or "text").lower() if node.tag == "input" else str(node.tag)
        if kind in _NO_FIELD or "disabled" in node.attributes:
            continue
        options, value = _said(node, kind)
        longest = _of(node, "maxlength")
        yield LiveField(
            name=_of(node, "name"),
            kind=kind,
            label=labels.get(_of(node, "id"), "") or _of(node, "aria-label") or _of(node, "title"),
            value=value,
            longest=int(longest) if longest.isdecimal() else None,
            required="required" in node.attributes,
            options=options,
        )


def _said(node: LexborNode, kind: str) -> tuple[tuple[tuple[str, str], ...], str | None]:
    """Options and value of one input, select or textarea."""
    if kind == "select":
        nodes = node.css("option")
        options = tuple((_option(each), _words(each)) for each in nodes)
        chosen = [_option(each) for each in nodes if "selected" in each.attributes] or [code for code, _ in options[:1]]
        return options, chosen[-1] if chosen else None
    if kind in _TICKED:
        code = node.attributes.get("value") or ("on" if "value" not in node.attributes else "")
        beside = node.parent if node.parent and node.parent.tag == "label" else None
        return ((code, _words(beside) if beside else ""),), code if "checked" in node.attributes else None
    return (), node.text() if kind == "textarea" else _of(node, "value")


def _option(node: LexborNode) -> str:
    return _of(node, "value") if "value" in node.attributes else _words(node)


def _both(there: LiveField, more: LiveField) -> LiveField:
    """One field of several inputs: radio buttons, or a hidden one before its tick."""
    ticked = more if more.kind in _TICKED else there
    value = there.value if more.value is None else more.value
    return LiveField(
        there.name,
        ticked.kind,
        there.label or more.label,
        value,
        more.longest if there.longest is None else there.longest,
        there.required or more.required,
        there.options + more.options,
    )


def _buttons(form: LexborNode) -> Iterator[SubmitButton]:
    for node in form.css("input, button"):
        kind = (_of(node, "type") or ("submit" if node.tag == "button" else "text")).lower()
        if kind in _BUTTONS and "disabled" not in node.attributes:
            words = _words(node) if node.tag == "button" else _of(node, "value") or _of(node, "alt")
            yield SubmitButton(_of(node, "name"), _of(node, "value"), words)
