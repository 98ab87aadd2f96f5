"""WSGI entry for the processes of a server: that of `wsgi`, with a cache warm-up in the background."""

from renrakucho.config.wsgi import application

from renrakucho.config.warm_up import warm_up_in_background  # isort: skip  its rooms need Django, which wsgi sets up

__all__ = ["application"]

warm_up_in_background()
