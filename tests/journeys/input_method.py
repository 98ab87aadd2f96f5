"""A Japanese input method (IME) at the browser, by Chromium's debugging protocol."""

from playwright.sync_api import Locator, Page


def type_by_input_method(page: Page, field: Locator, reading: str, text: str, *, latin: str = "") -> None:
    """Type a reading letter by letter, convert it to `text`, and confirm. latin: letters that still stand behind the
    reading when it is converted, as the «n» of ん does.
    """
    field.focus()
    field.evaluate("one => one.setSelectionRange(one.value.length, one.value.length)")
    session = page.context.new_cdp_session(page)
    typed = [reading[: at + 1] for at in range(len(reading))]
    for shown in [*typed, *([reading + latin] if latin else []), text]:
        caret = len(shown)
        session.send("Input.imeSetComposition", {"text": shown, "selectionStart": caret, "selectionEnd": caret})
    session.send("Input.insertText", {"text": text})
    session.detach()
