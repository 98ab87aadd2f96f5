"""The command line `renrakucho`: Django's commands and ours."""

import os
import sys

from django.core.management import execute_from_command_line


def main() -> None:
    """Run one command, as `renrakucho COMMAND …`."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "renrakucho.config.settings")
    execute_from_command_line(sys.argv)
