"""WSGI entry for Django and its tests."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "renrakucho.config.settings")
application = get_wsgi_application()
