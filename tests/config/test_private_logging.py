"""The log never quotes personal data."""

import json
import logging
import sys
from typing import Any

import pytest
from django.http import HttpRequest

from renrakucho.config.private_logging import PrivateFormatter, PrivateJsonFormatter, log_to_stderr


def refuse(typed: str) -> None:
    raise ValueError(f"not a name: {typed}")


def logged(form: logging.Formatter, typed: str) -> str:
    try:
        try:
            refuse(typed)
        except ValueError as error:
            raise KeyError(typed) from error
    except KeyError:
        record = logging.LogRecord("renrakucho", logging.ERROR, __file__, 1, "failed", None, sys.exc_info())
    return form.format(record)


def test_an_error_is_logged_by_type_and_place() -> None:
    text = logged(PrivateFormatter("%(message)s"), "千代田花子")
    assert "花子" not in text
    assert text.index("builtins.ValueError") < text.index("builtins.KeyError")
    assert "test_private_logging.py" in text
    assert "refuse" in text
    assert "花子" in logged(logging.Formatter("%(message)s"), "千代田花子")


@pytest.mark.parametrize("name", ["", "django.request", "renrakucho.delivery.deliver_notices"])
def test_every_logger_uses_the_private_formatter(name: str) -> None:
    logger: logging.Logger | None = logging.getLogger(name)
    handlers: list[logging.Handler] = []
    while logger:
        handlers += logger.handlers
        logger = logger.parent if logger.propagate else None
    # pytest adds handlers of its own, which print nothing.
    ours = [handler for handler in handlers if not type(handler).__module__.startswith("_pytest")]
    assert ours
    assert all(isinstance(handler.formatter, PrivateFormatter) for handler in ours)


def json_line(record: logging.LogRecord) -> dict[str, Any]:
    line = PrivateJsonFormatter().format(record)
    assert "\n" not in line
    loaded: dict[str, Any] = json.loads(line)
    return loaded


def test_a_json_line_has_the_fields_of_an_event_and_no_other() -> None:
    record = logging.LogRecord("renrakucho", logging.WARNING, __file__, 1, "failed", None, None)
    vars(record).update(
        event="delivery_attempt", notice="1", outcome="unknown", request=HttpRequest(), name_typed="花子"
    )
    line = json_line(record)
    assert line.keys() == {"at", "level", "logger", "message", "event", "notice", "outcome"}
    assert (line["level"], line["outcome"]) == ("warning", "unknown")


def test_an_error_in_a_json_line_is_its_type_and_place() -> None:
    text = logged(PrivateJsonFormatter(), "千代田花子")
    assert "花子" not in text
    assert "builtins.KeyError" in json.loads(text)["error"]


def test_the_form_of_the_log_is_set_by_a_variable() -> None:
    assert log_to_stderr("")["handlers"]["stderr"]["formatter"] == "private"
    assert log_to_stderr("json")["handlers"]["stderr"]["formatter"] == "json"
