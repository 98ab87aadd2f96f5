"""An OpenID issuer that a test writes, connected with the desk and the bureau."""

from collections.abc import Iterator

import pytest

from tests.account.sign_on_cast import connected
from tests.forged_issuer import ForgedIssuer, forged_issuer


@pytest.fixture
def forged() -> Iterator[ForgedIssuer]:
    with forged_issuer() as made, connected(made.address):
        yield made
