"""Settings of the sandbox from environment variables: its ports and the folder of its state."""

import os
from pathlib import Path

HOST = "127.0.0.1"


def sandbox_port() -> int:
    return int(os.environ.get("SANDBOX_PORT", "8100"))


def smtp_port() -> int:
    return int(os.environ.get("SANDBOX_SMTP_PORT", "8125"))


def state_folder() -> Path:
    return Path(os.environ.get("RENRAKUCHO_VAR", "var")) / "sandbox"
