"""Make what look-ups answer from before the first mover asks: some two seconds of work that nobody should wait for."""

import logging
import threading

from django.db import DatabaseError, connection

from renrakucho.address.atlas import atlas
from renrakucho.address.edition import NoDirectory
from renrakucho.address.written.default import default_table
from renrakucho.coverage.search import board
from renrakucho.faces.directory.place.names import names

log = logging.getLogger(__name__)


def warm() -> None:
    """Read the directory into this process. Where there is none yet, the first question reads it later."""
    try:
        for make in (atlas, board, default_table, names):
            make()
    except (NoDirectory, DatabaseError, OSError) as error:
        log.info("the directory cannot be read yet: %s", type(error).__name__)


def warm_soon() -> None:
    """The same beside the first requests, which do not wait for what they do not need."""

    def run() -> None:
        try:
            warm()
        finally:
            connection.close()  # this thread's own

    threading.Thread(target=run, name="warm", daemon=True).start()
