"""`renrakucho directory_figures`: how much the directory knows, as it stands in docs/data.md."""

from django.core.management.base import BaseCommand

from renrakucho.coverage.coverage_gaps import coverage_gaps, link_figures
from renrakucho.coverage.directory_figures import directory_figures, figures_table


class Command(BaseCommand):
    """Prints the table of statuses and the tables of what is open."""

    help = "Counts the directory's answers by industry and status, and what is still open."

    def handle(self, **options: object) -> None:
        """Count and print."""
        counted = directory_figures()
        nine = {one.industry: one for one in counted if one.area == "nine"}
        self.stdout.write(f"{figures_table(counted)}\n\n{coverage_gaps(nine)}\n\n{link_figures()}")
