"""Rendering of Jinja2 templates, in the charset of the site they belong to."""

from http import HTTPStatus
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from sandbox.charset import encode
from sandbox.form import Blank, Charset
from sandbox.http_messages import Response


def shown_value(blank: Blank, value: str) -> str:
    """A value as a confirmation page shows it: the label of a choice, everything else as it came."""
    return dict(blank.options).get(value, value)


def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["shown_value"] = shown_value
    return made


ENVIRONMENT = _environment()


def render_page(template: str, charset: Charset, status: HTTPStatus = HTTPStatus.OK, **context: object) -> Response:
    text = ENVIRONMENT.get_template(template).render(charset=charset, **context)
    return Response(encode(text, charset), f"text/html; charset={charset}", status)
