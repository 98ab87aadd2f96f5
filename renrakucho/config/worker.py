"""The entry for a server's long-lived workers: that of `wsgi`, with the look-ups made ready beside it."""

from renrakucho.config.wsgi import application

from renrakucho.config.warm_up import warm_up_in_background  # isort: skip  its rooms need Django, which wsgi sets up

__all__ = ["application"]

warm_up_in_background()
