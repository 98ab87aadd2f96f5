"""WSGI entry for the processes of a server: that of `wsgi`, with buffering, checks of key and connections, warm-up."""

import logging
import sys

from django.conf import settings
from django.db import DatabaseError, connection

from renrakucho.config.database_options import request_places
from renrakucho.config.request_buffering import RequestBuffering
from renrakucho.config.wsgi import application as django_application
from renrakucho.lib.tracing import install_named_tracer

# The rooms of these need Django, which wsgi sets up.
from renrakucho.config.master_key_gate import close_until_checked  # isort: skip
from renrakucho.config.warm_up import warm_up_in_background, watch_master_key_in_background  # isort: skip
from renrakucho.channel.connection import BadConnections  # isort: skip
from renrakucho.lib.private_files import close_to_others  # isort: skip
from renrakucho.mover.master_key_check import WrongMasterKey, check_master_key  # isort: skip
from renrakucho.notice.connection_check import require_connections  # isort: skip

__all__ = ["application"]

install_named_tracer(settings.TRACER, "renrakucho-portal")
application = RequestBuffering(
    django_application, behind_proxy=settings.BEHIND_PROXY, places=request_places(connection.vendor)
)
close_to_others()
try:
    require_connections()
    check_master_key()
except (BadConnections, WrongMasterKey) as error:
    sys.exit(str(error))
except (DatabaseError, OSError) as error:  # the pages say so, until it is there
    close_until_checked()
    logging.getLogger(__name__).error("the master key could not be checked: %s", type(error).__name__)
finally:
    connection.close()
warm_up_in_background()
watch_master_key_in_background()
