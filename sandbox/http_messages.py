"""HTTP request and response over WSGI, with no more than these pages need."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import parse_qsl, unquote_to_bytes
from wsgiref.types import StartResponse, WSGIEnvironment

from sandbox.charset import decode
from sandbox.form import Charset

LARGEST_BODY = 256 * 1024


class TooLarge(Exception):
    """A body of more than LARGEST_BODY bytes, or of unknown length."""


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)  # names in lower case
    query: Mapping[str, str] = field(default_factory=dict)  # of a name sent twice the last

    def posted(self, charset: Charset) -> dict[str, str]:
        """The fields of an urlencoded body, read in the page's charset; of a name sent twice the last."""
        pairs = (pair.partition(b"=") for pair in self.body.split(b"&") if pair)
        return {_text(name, charset): _text(value, charset) for name, _, value in pairs}


@dataclass(frozen=True)
class Response:
    body: bytes
    content_type: str
    status: HTTPStatus = HTTPStatus.OK
    headers: tuple[tuple[str, str], ...] = ()


def _text(said: bytes, charset: Charset) -> str:
    return decode(unquote_to_bytes(said.replace(b"+", b" ")), charset)


def read_request(environ: WSGIEnvironment) -> Request:
    """Raises TooLarge."""
    length = environ.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > LARGEST_BODY:
        raise TooLarge
    body: bytes = environ["wsgi.input"].read(int(length)) if int(length) else b""
    path = str(environ.get("PATH_INFO", "/")).encode("latin-1").decode("utf-8", errors="replace")
    sent = {name[5:].replace("_", "-").lower(): str(text) for name, text in environ.items() if name[:5] == "HTTP_"}
    query = dict(parse_qsl(str(environ.get("QUERY_STRING", "")), keep_blank_values=True))
    return Request(str(environ["REQUEST_METHOD"]), path, body, sent, query)


def send_response(response: Response, method: str, start_response: StartResponse) -> Iterable[bytes]:
    headers = [
        ("Content-Type", response.content_type),
        ("Content-Length", str(len(response.body))),
        ("X-Content-Type-Options", "nosniff"),
        *response.headers,
    ]
    start_response(f"{response.status.value} {response.status.phrase}", headers)
    return [] if method == "HEAD" else [response.body]
