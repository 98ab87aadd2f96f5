"""The exception tree that lib/errors.py prints is the tree that the package has."""

import importlib
import pkgutil
import re
from collections.abc import Iterator

import renrakucho
from renrakucho.lib import errors

PACKAGE = "renrakucho."
DJANGO_ADDS = {"DoesNotExist", "MultipleObjectsReturned", "NotUpdated"}  # to every model


def test_the_printed_tree_is_the_tree_of_the_package() -> None:
    assert list(printed_tree()) == list(tree_of(errors.RenrakuchoError))


def test_every_error_of_the_package_is_in_the_tree() -> None:
    defined = set(defined_errors())
    assert len(defined) > 50
    assert [error.__qualname__ for error in defined if not issubclass(error, errors.RenrakuchoError)] == []


def test_no_two_errors_have_one_name() -> None:
    names = [error.__name__ for error in defined_errors()]
    assert sorted(names) == sorted(set(names))


def printed_tree() -> Iterator[tuple[int, str, str]]:
    """Depth, name and module of each line; the builtin base stands in brackets after the name."""
    for line in (errors.__doc__ or "").splitlines():
        found = re.fullmatch(r"((?:    )*)([A-Z]\w+)(?: \((\w+)\))?(?: +([a-z_.]+))?", line)
        if found:
            yield len(found[1]) // 4, found[2], found[4] or "lib.errors"
            base = getattr(errors, found[2]).__bases__[1].__name__ if found[3] else None
            assert base == found[3]


def tree_of(error: type[Exception], depth: int = 0) -> Iterator[tuple[int, str, str]]:
    list(defined_errors())  # imports every module: a class is known once its module is
    yield depth, error.__name__, error.__module__.removeprefix(PACKAGE)
    below = [each for each in error.__subclasses__() if each.__module__.startswith(PACKAGE)]
    kinds = [cls for cls in below if cls.__module__ == errors.__name__ and cls is not errors.AppendOnly]
    leaves = [cls for cls in below if cls not in kinds]
    for each in kinds + sorted(leaves, key=lambda cls: cls.__name__):  # subclasses come in the order of definition
        yield from tree_of(each, depth + 1)


def defined_errors() -> Iterator[type[Exception]]:
    for found in pkgutil.walk_packages(renrakucho.__path__, PACKAGE):
        if found.name == "renrakucho.config.worker":  # reads the directory in a thread when it is imported
            continue
        module = importlib.import_module(found.name)
        for value in vars(module).values():
            own = isinstance(value, type) and issubclass(value, Exception) and value.__module__ == found.name
            if own and value.__name__ not in DJANGO_ADDS:
                yield value
