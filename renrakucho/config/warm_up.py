"""Cache warm-up: read the directory at the start of a process, so that the first mover does not wait two seconds."""

import logging
import threading

from django.db import DatabaseError, connection

from renrakucho.address.edition_cache import NoDirectory
from renrakucho.address.name_search import name_index
from renrakucho.address.place_tables import place_tables
from renrakucho.address.written.table_cache import default_table
from renrakucho.coverage.provider_lookup import answer_index

log = logging.getLogger(__name__)


def warm_up() -> None:
    """Read the directory into this process. Where there is none yet, the first question reads it later."""
    try:
        for make in (place_tables, answer_index, default_table, name_index):
            make()
    except (NoDirectory, DatabaseError, OSError) as error:
        log.info("the directory cannot be read yet: %s", type(error).__name__)


def warm_up_in_background() -> None:
    """Warm up in a thread beside the first requests, which do not wait for it."""

    def run() -> None:
        try:
            warm_up()
        finally:
            connection.close()  # this thread's own

    threading.Thread(target=run, name="warm", daemon=True).start()
