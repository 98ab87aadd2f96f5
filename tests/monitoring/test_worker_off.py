"""With the worker off every face says so, and with it on again the alarm ends: real portal, worker and mail server."""

from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from sandbox.mail_receiver import mail_receiver
from tests.listener import listening
from tests.monitoring.cast_outage import ROOT, Installation, installed
from tests.ports import free_port
from tests.waiting import wait_until

pytestmark = [pytest.mark.slow, pytest.mark.postgres]
WATCHER = ROOT / "tests" / "bureau" / "watcher_program.py"
NO_WORKER, STILL = "動いているワーカーがありません", "進んでいません"


def subjects(letters: Path) -> list[str]:
    """Of the mails that were sent."""
    files = sorted(path for path in letters.rglob("*.eml") if path.is_file())
    return [str(message_from_bytes(path.read_bytes(), policy=default)["Subject"]) for path in files]


def assert_all_is_well(here: Installation, session: str) -> None:
    wait_until(lambda: here.get("/readyz").status == 200, 120, lambda: here.get("/readyz").body)
    metrics = here.get("/metrics").body
    assert 'renrakucho_check{check="workers"} 0.0' in metrics
    assert 'renrakucho_check{check="lanes"} 0.0' in metrics
    assert "renrakucho_workers_alive 1.0" in metrics
    page = here.get("/bureau/", session)
    assert (page.status, NO_WORKER in page.body, STILL in page.body) == (200, False, False)
    assert "○ ワーカー (workers)" in here.run("-m", "django", "doctor").stdout


def test_with_the_worker_off_every_face_says_so_and_with_it_on_again_the_alarm_ends(
    tmp_path: Path, migrated_postgres: str
) -> None:
    smtp, letters = free_port(), tmp_path / "letters"
    receiver = mail_receiver(letters, smtp)
    receiver.start()
    try:
        with listening() as provider, installed(tmp_path, provider.port, migrated_postgres) as here:
            here.environment |= {"RENRAKUCHO_SMTP_PORT": str(smtp), "RENRAKUCHO_BUREAU_MAIL": "bureau@example.jp"}
            here.prepare(1)
            session = here.run(str(WATCHER)).stdout.strip()
            here.start_portal()
            worker = here.start_worker()
            assert_all_is_well(here, session)

            worker.kill()
            worker.wait()
            here.prepare(1)  # a notice that nobody sends
            wait_until(lambda: here.not_ready() == ["workers", "lanes"], 180, lambda: here.get("/readyz").body)
            assert here.get("/healthz").status == 200
            metrics = here.get("/metrics").body
            assert 'renrakucho_check{check="workers"} 3.0' in metrics
            assert 'renrakucho_check{check="lanes"} 3.0' in metrics
            assert "renrakucho_workers_alive 0.0" in metrics
            page = here.get("/bureau/", session)
            assert (page.status, NO_WORKER in page.body, STILL in page.body) == (200, True, True)
            doctor = here.run("-m", "django", "doctor", "--mail")
            assert doctor.returncode == 2
            assert "× ワーカー (workers)" in doctor.stdout
            assert "No worker is running" in doctor.stdout
            assert "× 送信 (lanes)" in doctor.stdout
            assert any("workers" in subject for subject in subjects(letters))
            assert not any("(workers)" in subject for subject in subjects(letters))

            here.start_worker()
            assert_all_is_well(here, session)
            wait_until(lambda: len(provider.received) == 2, 60, "what waited was not sent")
            wait_until(lambda: any("(workers)" in each for each in subjects(letters)), 120, "the alarm does not end")
    finally:
        receiver.stop()
