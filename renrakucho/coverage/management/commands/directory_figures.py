"""`renrakucho directory_figures`: how much the directory knows, as it stands in docs/data.md."""

from django.core.management.base import BaseCommand

from renrakucho.coverage.figures import as_table, figures
from renrakucho.coverage.holes import holes, link_figures


class Command(BaseCommand):
    """Prints the table of statuses and the tables of what is open."""

    help = "Counts the directory's answers by industry and status, and what is still open."

    def handle(self, **options: object) -> None:
        """Count and print."""
        counted = figures()
        nine = {one.industry: one for one in counted if one.area == "nine"}
        self.stdout.write(f"{as_table(counted)}\n\n{holes(nine)}\n\n{link_figures()}")
