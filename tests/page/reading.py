"""A page parser, as far as tests need it."""

from collections.abc import Iterator
from html.parser import HTMLParser


class Element:
    def __init__(self, tag: str, attributes: dict[str, str]) -> None:
        self.tag, self.attributes, self.text = tag, attributes, ""


class Page(HTMLParser):
    """All elements in order; the `text` of each is its direct text."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self.open: list[Element] = []
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.elements.append(element)
        self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop().tag != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self.open:
            self.open[-1].text += data

    def all(self, tag: str, **wanted: str) -> Iterator[Element]:
        for element in self.elements:
            if element.tag == tag and all(element.attributes.get(key) == value for key, value in wanted.items()):
                yield element

    def ids(self) -> list[str]:
        return [element.attributes["id"] for element in self.elements if "id" in element.attributes]

    def one(self, id: str) -> Element:
        [found] = [element for element in self.elements if element.attributes.get("id") == id]
        return found
