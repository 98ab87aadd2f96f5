"""Every page of the application needs the directory."""

import pytest
from django.test import Client

from tests.book_apply.flow import Applicant


@pytest.fixture
def applicant(directory: str, client: Client) -> Applicant:
    return Applicant(client)
