"""The entry for a server's long-lived workers: that of `wsgi`, with the look-ups made ready beside it."""

from renrakucho.config.wsgi import application

from renrakucho.config.warm import warm_soon  # isort: skip  its rooms need Django, which wsgi sets up

__all__ = ["application"]

warm_soon()
