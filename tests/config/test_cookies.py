"""Cookies: over TLS each has the `__Host-` prefix, and none outlives the browser by its settings."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

_PRINT = """
import json
from renrakucho.config import settings as s
print(json.dumps({name: getattr(s, name) for name in dir(s) if "COOKIE" in name or "HSTS" in name}))
"""


def cookie_settings(base_url: str, tmp_path: Path) -> dict[str, object]:
    environment = {**os.environ, "RENRAKUCHO_BASE_URL": base_url, "RENRAKUCHO_VAR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", _PRINT], env=environment, capture_output=True, text=True, check=True)
    found: dict[str, object] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize(("base_url", "prefix"), [("https://portal.example", "__Host-"), ("http://localhost:8000", "")])
def test_cookies_are_bound_to_the_host_where_there_is_tls(base_url: str, prefix: str, tmp_path: Path) -> None:
    found = cookie_settings(base_url, tmp_path)
    names = {kind: found[f"{kind}_COOKIE_NAME"] for kind in ("SESSION", "CSRF", "LANGUAGE", "MESSAGE")}
    assert names == {
        "SESSION": f"{prefix}sessionid",
        "CSRF": f"{prefix}csrftoken",
        "LANGUAGE": f"{prefix}language",
        "MESSAGE": f"{prefix}messages",
    }
    if prefix:  # what the prefix asks for, or browsers drop the cookie
        assert all(found[f"{kind}_COOKIE_SECURE"] for kind in ("SESSION", "CSRF", "LANGUAGE"))
        assert not any(found.get(f"{kind}_COOKIE_DOMAIN") for kind in ("SESSION", "CSRF", "LANGUAGE"))
        assert found["SECURE_HSTS_SECONDS"] == 31_536_000
