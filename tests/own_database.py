"""An empty database for tests with several processes, of either kind."""

import os
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'chaos.sqlite3'}"
    server = os.environ["RENRAKUCHO_TEST_POSTGRES"].rsplit("/", 1)[0]
    name = f"chaos_{uuid4().hex}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"'.encode())
    request.addfinalizer(lambda: drop(server, name))  # noqa: PT021 - only where there is a server
    return f"{server}/{name}"


def drop(server: str, name: str) -> None:
    with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
        admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())
