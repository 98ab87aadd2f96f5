import re
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from renrakucho.page.jinja_environment import navigation_links
from tests.page.reading import Page
from tests.page.style_sheet import Items, from_string, jinja, render

STATIC = Path(__file__).parents[2] / "renrakucho" / "page" / "static" / "page"


def test_nothing_is_inline_or_from_another_site() -> None:
    """The content security policy allows neither."""
    page = Page(render(Items({})))
    for element in page.elements:
        assert "style" not in element.attributes
        assert not [name for name in element.attributes if name.startswith("on")]
        for name in ("href", "src", "action"):
            assert re.match(r"(/[^/]|#|tel:|/$|$)", element.attributes.get(name, "")), element.attributes
    assert "style" not in {element.tag for element in page.elements}
    assert all("src" in script.attributes for script in page.all("script"))


def test_the_page_has_its_language_and_a_skip_link() -> None:
    page = Page(render())
    assert next(page.all("html")).attributes["lang"] == "ja"
    first = next(page.all("a"))
    assert first.attributes["href"] == "#main"
    assert page.one("main").tag == "main"


def test_a_navigation_link_without_a_url_is_left_out() -> None:
    assert [link.href for link in navigation_links()] == ["/apply/", "/search/"]


def test_the_current_navigation_link_is_marked() -> None:
    current = [link.text for link in Page(render()).all("a", **{"aria-current": "page"})]
    assert current == ["引越手続"]


@pytest.mark.parametrize(("trial", "shown"), [(True, 1), (False, 0)])
def test_pages_of_a_trial_installation_say_so(trial: bool, shown: int) -> None:
    base = jinja().get_template("page/base.html")
    assert base.render(sandbox=trial).count("お試し環境です。") == shown


def test_only_a_page_with_something_beside_it_makes_room_for_it() -> None:
    base = '{% extends "page/base.html" %}'
    assert "has-aside" not in from_string(base)
    assert 'class="narrow has-aside"' in from_string(base + "{% block aside %}<aside>?</aside>{% endblock %}")


def test_an_undefined_name_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        from_string("{{ no_such_name }}")


def test_text_is_escaped_also_where_it_is_translated() -> None:
    shown = from_string('{{ _("%(name)sへ送ります", name=name) }}', name="<b>ガス</b>")
    assert shown == "&lt;b&gt;ガス&lt;/b&gt;へ送ります"


def test_a_full_book_with_an_error_on_every_field_stays_light() -> None:
    """Below 100 kB with everything that it loads."""
    loaded = sum(path.stat().st_size for path in STATIC.iterdir())
    assert len(render(Items({}), leaves=14).encode()) + loaded < 100_000


def test_every_file_that_the_page_loads_is_there() -> None:
    page = Page(render())
    loaded = [link.attributes["href"] for link in page.all("link")] + [
        script.attributes["src"] for script in page.all("script")
    ]
    assert len(loaded) == 6
    assert [path for path in loaded if not (STATIC / Path(path).name).is_file()] == []
