"""Threads of a portal's process beside its requests: a cache warm-up, and a watch on the master key.

The directory is read at the start, so that the first mover does not wait two seconds. The database is asked which key
seals, so that a process that does not know a new one ends, and seals nothing that nobody can open.
"""

import logging
import os
import threading
from collections.abc import Callable

from django.db import DatabaseError, connection

from renrakucho.address.edition_cache import NoDirectory
from renrakucho.address.name_search import name_index
from renrakucho.address.place_tables import place_tables
from renrakucho.address.written.table_cache import default_table
from renrakucho.config.master_key_gate import compare_key, is_key_unchecked
from renrakucho.coverage.provider_lookup import answer_index
from renrakucho.mover.master_key_check import KEY_CHECK_SECONDS, WrongMasterKey

log = logging.getLogger(__name__)

_UNCHECKED_SECONDS = 1.0


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


def watch_master_key(wait: Callable[[float], object]) -> str:
    """Check the master key every ten seconds, and every second where the start could not. Returns the sentence on it
    once it is not the database's.
    """
    while True:
        wait(_UNCHECKED_SECONDS if is_key_unchecked() else KEY_CHECK_SECONDS)
        try:
            compare_key()
        except WrongMasterKey as error:
            return str(error)
        except (DatabaseError, OSError) as error:
            log.info("the master key could not be checked: %s", type(error).__name__)
        finally:
            connection.close()


def watch_master_key_in_background() -> None:
    """Watch in a thread, and end the process where the key is another one: started again, it says why it refuses."""

    def run() -> None:
        log.critical(watch_master_key(threading.Event().wait))
        os._exit(1)

    threading.Thread(target=run, name="master key", daemon=True).start()
