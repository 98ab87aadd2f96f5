"""Reading pages of the directory."""

from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit


class Page(HTMLParser):
    """Links, styles and scripts of a page, as far as tests need them."""

    def __init__(self, html: str, at: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.inline: list[str] = []
        self.phones: list[str] = []
        self.anchors: list[str] = []
        self.ids: list[str] = []
        self._at = at
        self._in = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.ids += [given["id"]] if "id" in given else []
        self.inline += [f"{tag} {name}" for name in given if name == "style" or name.startswith("on")]
        if tag == "style" or (tag == "script" and "src" not in given):
            self.inline.append(tag)
        href = given.get("href", "")
        if tag == "a" and href.startswith("tel:"):
            self.phones.append(href.removeprefix("tel:"))
        elif tag == "a" and href.startswith("#"):
            self.anchors.append(href[1:])
        elif tag == "a" and href:
            self.links.append(urljoin(f"http://testserver{self._at}", href))

    @property
    def own(self) -> set[str]:
        """Return links to this portal, as paths with their query."""
        parts = (urlsplit(link) for link in self.links)
        return {f"{part.path}?{part.query}" for part in parts if part.netloc in ("testserver", "localhost:8000")}

    @property
    def foreign(self) -> set[str]:
        return {link for link in self.links if urlsplit(link).netloc not in ("testserver", "localhost:8000")}
