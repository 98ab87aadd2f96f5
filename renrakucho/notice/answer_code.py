"""Answer code: printed on a notice's page. Whoever has the paper can answer this one notice for the provider."""

import re

from renrakucho.lib.errors import NotFound
from renrakucho.lib.identifiers import cleaned_readable_code, new_readable_code
from renrakucho.lib.master_keyring import index_hash
from renrakucho.lib.typed_text import clean_code
from renrakucho.notice.models import Notice

LENGTH = 10  # 49 bits, for one notice, while it is open, behind a limit on tries
_WHOLE_ADDRESS = re.compile(r"^.*/a/", re.DOTALL)


class NoSuchCode(NotFound):
    """No notice has this code on its page."""


def new_answer_code() -> str:
    """A new code of ten letters and digits."""
    return new_readable_code(LENGTH)


def answer_code_hash(code: str) -> str:
    """The hash by which the notice of a code is found again. It differs from a return ticket's: the mover holds
    tickets, and must not be able to answer as the provider.
    """
    return index_hash(f"answer:{code}")


def cleaned_answer_code(typed: str) -> str | None:
    """The code in what was typed, or None. Width, capitals, hyphens and spaces do not matter; the page's whole address
    is taken too.
    """
    return cleaned_readable_code(_WHOLE_ADDRESS.sub("", clean_code(typed)), LENGTH)


def notice_by_code(code: str) -> Notice:
    """The notice that has this code on its page. Raises NoSuchCode."""
    found = Notice.objects.select_related("book", "replaced_by").filter(return_hash=answer_code_hash(code)).first()
    if found is None:
        raise NoSuchCode
    return found
