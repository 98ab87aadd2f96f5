"""What the mover did without the portal: what to say on the phone, and a place for what was answered."""

import pytest
from django.test import Client

from renrakucho.mover.entries import INDUSTRIES, PLACE_BOUND
from renrakucho.receipt.notice_view import notice_view
from tests import cast
from tests.book.opened import page_text
from tests.cast import registered
from renrakucho.mover.models import Book

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]
