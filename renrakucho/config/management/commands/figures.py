"""`renrakucho figures compute`: count the public figures anew from receipts and attempts, and print them."""

import json
from typing import Any

from renrakucho.lib.noun_command import NounCommand, bilingual
from renrakucho.monitoring.public_figures import compute_figures


class Command(NounCommand):
    """Computes the figures of /figures; a worker does it every ten minutes too."""

    help = bilingual("公開している数字", "the public figures")

    def add_verbs(self) -> None:
        """compute."""
        text = bilingual("受理などの記録から数え直し、表示する", "count them anew from receipts, and print them")
        self.add_verb("compute", self._compute, text)

    def _compute(self, **options: Any) -> None:
        self.stdout.write(json.dumps(compute_figures().figures, ensure_ascii=False, indent=2))
