"""Which edition of the directory the pages speak of."""

from dataclasses import dataclass
from datetime import datetime

from renrakucho.address.edition_cache import EditionCache
from renrakucho.address.models import Edition


@dataclass(frozen=True, slots=True)
class CurrentEdition:
    """`id` changes with any row of the directory. `postal_data` says which release of the postal codes."""

    id: str
    compiled_at: datetime
    postal_data: str


def _edition() -> CurrentEdition:
    newest = Edition.objects.order_by("-compiled_at").values_list("id", "compiled_at", "postal_data")[0]
    return CurrentEdition(*newest)


edition = EditionCache(_edition)
