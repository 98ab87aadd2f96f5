"""Between the steps: changing one's mind, going astray, coming from nowhere."""

import pytest

from sandbox.form import Form, Site
from sandbox.http_messages import LARGEST_BODY
from sandbox.routes import Sandbox
from sandbox.sites import find_form
from tests.sandbox.visitor import BACK, Visitor, address, confirmed, entered, handed_over, registered


def the(slug: str, procedure: str) -> tuple[Site, Form]:
    found = find_form(slug, procedure)
    assert found
    return found


def test_a_corrected_application_keeps_its_values_and_its_token(visitor: Visitor) -> None:
    site, form = the("kawasaki-water", "stop")
    fields = entered(visitor, site, form) | {"f22_bikou": "犬がいます。\r\n<門の中>です。"}
    edit, confirm = f"{address(site, form)}/edit", f"{address(site, form)}/confirm"
    confirmation = confirmed(visitor, site, form, fields)
    assert "犬がいます。\r\n<門の中>です。" in confirmation.words
    again = visitor.post(edit, confirmation.forms[edit], site.charset)
    back = again.forms[confirm]
    assert {name: back[name] for name in fields if name != "f22_bikou"} == {
        name: value for name, value in fields.items() if name != "f22_bikou"
    }
    assert "犬がいます。\r\n<門の中>です。" in again.words
    first = registered(visitor, site, form, confirmation)
    second = registered(visitor, site, form, confirmed(visitor, site, form, fields | {"f06_banchi": "9"}))
    assert second.receipt == first.receipt


@pytest.mark.parametrize("step", ["confirm", "edit", "done"])
def test_a_step_without_the_page_before_it_is_refused(visitor: Visitor, step: str) -> None:
    site, form = the("nhk", "change")
    for page in (
        visitor.get(f"{address(site, form)}/{step}"),
        visitor.post(f"{address(site, form)}/{step}", handed_over(form), site.charset),
    ):
        assert page.status == 400
        assert page.links["入力画面へ"] == address(site, form)


def test_an_application_with_errors_is_not_registered(visitor: Visitor) -> None:
    site, form = the("tokyo-gas", "stop")
    done = f"{address(site, form)}/done"
    page = visitor.post(done, entered(visitor, site, form) | {"customerNumber": ""}, site.charset)
    assert page.faults == ["お客さま番号が入力されていません。"]


def test_a_done_page_without_a_return_url_has_no_link(visitor: Visitor) -> None:
    site, form = the("tokyo-waterworks", "stop")
    fields = entered(visitor, site, form)
    del fields[site.back]
    done = registered(visitor, site, form, confirmed(visitor, site, form, fields))
    assert "引越れんらく帳へ戻る" not in done.words
    assert "この画面を閉じてください" in done.words


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "//portal.example/return/x", "https:///x", "https://a b/", "http://[x/", "/x"]
)
def test_only_a_web_address_is_a_return_url(visitor: Visitor, url: str) -> None:
    site, form = the("nhk", "change")
    page = visitor.post(address(site, form), handed_over(form, **{site.back: url}), site.charset)
    assert site.back not in page.forms[f"{address(site, form)}/confirm"]


def test_each_invalid_return_link_has_one_fault(visitor: Visitor) -> None:
    site, form = the("nhk", "change")
    done = registered(visitor, site, form, confirmed(visitor, site, form, entered(visitor, site, form)))
    links = done.links
    right = links["引越れんらく帳へ戻る"]
    unsigned, signature = right.split("&signature=")
    assert links["受付番号のない戻り"] == BACK
    assert links["署名のない戻り"] == unsigned
    broken = links["署名を壊した戻り"]
    assert broken.startswith(f"{unsigned}&signature=")
    assert broken != right
    assert len(broken) == len(right)
    expired = links["期限切れの戻り"]
    assert expired.partition("&at=")[0] == right.partition("&at=")[0]
    assert int(expired.split("&at=")[1].split("&")[0]) == int(right.split("&at=")[1].split("&")[0]) - 172_800
    assert not expired.endswith(signature)


def test_unknown_addresses_are_not_found(visitor: Visitor) -> None:
    for path in ("/nhk/stop", "/nobody/stop", "/nhk", "/nhk/change/else", "/mail/../secrets.toml", "/style/x.css"):
        assert visitor.get(path).status == 404, path


def test_a_body_that_is_too_large_is_not_read(visitor: Visitor) -> None:
    assert visitor.post_bytes("/nhk/change", b"x" * (LARGEST_BODY + 1)).status == 413


def test_the_front_page_leads_to_every_form(sandbox: Sandbox) -> None:
    visitor = Visitor(sandbox)
    links = visitor.get("/").links
    assert "/tokyo-waterworks/stop" in links.values()
    for path in links.values():
        assert visitor.get(path).status == 200, path
