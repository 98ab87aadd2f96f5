"""The command line `renrakucho`: Django's commands and ours."""

import os
import sys

from django.core.management import execute_from_command_line

from renrakucho.config.run import start


def main() -> None:
    """Run one command, as `renrakucho COMMAND …`. `run` starts everything, before Django is set up."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "renrakucho.config.settings")
    if sys.argv[1:] == ["run"]:
        sys.exit(start.main())
    execute_from_command_line(sys.argv)
