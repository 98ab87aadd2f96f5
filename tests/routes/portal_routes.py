"""Every route of the portal, out of its URLconf."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.routes.visitors import Objects


@dataclass(frozen=True)
class Route:
    """One route: its name with the namespace, and the arguments of its address."""

    name: str
    arguments: list[str]

    @property
    def namespace(self) -> str:
        return self.name.partition(":")[0]

    def path(self, objects: Objects) -> str:
        return reverse(self.name, kwargs=objects.arguments(self.namespace, self.arguments))


def portal_routes(patterns: Sequence[URLPattern | URLResolver] | None = None, namespace: str = "") -> Iterator[Route]:
    """Every route, or those of these patterns."""
    for each in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(each, URLResolver):
            yield from portal_routes(each.url_patterns, f"{each.app_name}:" if each.app_name else namespace)
        else:
            yield Route(f"{namespace}{each.name}", list(each.pattern.converters))
