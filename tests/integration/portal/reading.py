"""Read a page as a strict parser would: every element closed, in order."""

from html.parser import HTMLParser

VOID = {"meta", "link", "img", "br", "input", "hr"}
EMPTY = {"rect", "circle", "path"}


class Page(HTMLParser):
    """What a test asks of a page; reading one that is not well formed fails."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {}
        self.feed(text)
        self.close()
        assert self.open == [], f"never closed: {self.open}"

    def handle_starttag(self, tag, attrs):
        self._add(tag, attrs)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        assert tag in VOID | EMPTY, f"<{tag}/> is not an empty element"
        self._add(tag, attrs)

    def handle_endtag(self, tag):
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag, f"</{tag}> crosses another element"

    def handle_data(self, data):
        for tag in self.open:
            self.texts.setdefault(tag, []).append(data)

    def _add(self, tag, attrs):
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"<{tag}> repeats an attribute"
        self.tags.append((tag, dict(attrs)))

    def text(self, tag: str = "body") -> str:
        """All text inside elements of this name, spaces of every kind folded into plain ones."""
        return " ".join("".join(self.texts.get(tag, [])).split())

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]

    @property
    def figures(self) -> dict[str, str | None]:
        """Values of `data-value` by `data-figure`; each figure is on the page once."""
        found: dict[str, str | None] = {}
        for _, attributes in self.tags:
            name = attributes.get("data-figure")
            if name is not None:
                assert name not in found, f"{name} is on the page twice"
                found[name] = attributes.get("data-value")
        return found
