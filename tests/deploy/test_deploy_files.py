"""Files of deploy/: they parse, name what exists and keep docs/running.md's rules; `make deploy-test` runs them."""

import json
import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from renrakucho.config.database_options import LIMITS, ProcessKind
from renrakucho.config.run.processes import plan_run
from renrakucho.lib.capability_urls import CAPABILITY_PREFIXES

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
SERVICES = [unit for unit in UNITS if unit.name.startswith("renrakucho-") and unit.suffix == ".service"]
OWN_SERVICES = [unit for unit in SERVICES if unit.stem != "renrakucho-backup"]
METRIC = re.compile(r"\brenrakucho_\w+")


def text(name: str) -> str:
    return (DEPLOY / name).read_text("utf-8")


def settings(unit: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r"^(\w+)=(.*)$", unit.read_text("utf-8"), re.MULTILINE):
        found.setdefault(name, []).append(value)
    return found


def exported_metrics() -> set[str]:
    """Names in the code: of the gauges, of the histogram's series."""
    folder = ROOT / "renrakucho" / "faces" / "monitoring"
    source = (folder / "portal_metrics.py").read_text("utf-8")
    names = re.findall(r'(?:^\s+\(|_gauge\(\s*)"([a-z_]+)"', source, re.MULTILINE)
    assert len(names) > 12
    histogram = [f"renrakucho_request_seconds_{part}" for part in ("bucket", "sum", "count")]
    return {f"renrakucho_{name}" for name in names} | set(histogram)


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_says_on_which_host_it_belongs(unit: Path) -> None:
    assert unit.read_text("utf-8").startswith("# ")


@pytest.mark.parametrize("unit", OWN_SERVICES, ids=lambda unit: unit.name)
def test_a_unit_is_hardened_and_gets_its_keys_from_root(unit: Path) -> None:
    found = settings(unit)
    for name, value in {"NoNewPrivileges": "yes", "ProtectSystem": "strict", "CapabilityBoundingSet": ""}.items():
        assert found[name] == [value]
    assert found["User"] == ["renrakucho"]
    assert [each.split(":")[0] for each in found["LoadCredential"]] == ["master_key", "secret_key"]


def test_a_unit_starts_the_portal_as_make_run_does() -> None:
    """But for host and port, which a proxy on the same host needs to know."""
    [command] = settings(DEPLOY / "systemd" / "renrakucho-portal.service")["ExecStart"]
    documented = next(each for each in plan_run({}).processes if each.name == "portal").command
    assert command.split()[1:] == [*documented[3:]]
    assert command.split()[0].endswith("/granian")


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyzeがありません (apt install systemd)")
def test_systemd_reads_every_unit(tmp_path: Path) -> None:
    """With programs that are here in the place of those of an installed portal."""
    for unit in UNITS:
        read = re.sub(r"(?m)^(ExecStart=)\S+", r"\1/bin/true", unit.read_text("utf-8"))
        (tmp_path / unit.name).write_text(read, "utf-8")
    assert unit_complaints(tmp_path) == []
    wrong = tmp_path / "renrakucho-worker.service"
    wrong.write_text(wrong.read_text("utf-8").replace("ProtectSystem=", "ProtectsSystem="), "utf-8")
    [complaint] = unit_complaints(tmp_path)
    assert "ProtectsSystem" in complaint


def unit_complaints(folder: Path) -> list[str]:
    command = ["systemd-analyze", "verify", "--man=no", *(str(folder / unit.name) for unit in UNITS)]
    done = subprocess.run(command, capture_output=True, text=True, env={"SYSTEMD_UNIT_PATH": f"{folder}:"})
    return [line for line in done.stderr.splitlines() if str(folder) in line]


def used_metrics() -> Iterator[tuple[str, str]]:
    for name in ("prometheus/alerts.yml", "grafana/portal.json"):
        for metric in METRIC.findall(text(name)):
            yield name, metric


def test_alerts_and_board_ask_for_metrics_that_are_exported() -> None:
    used = set(used_metrics())
    assert {name for name, _metric in used} == {"prometheus/alerts.yml", "grafana/portal.json"}
    exported = exported_metrics()
    assert {each for each in used if each[1] not in exported} == set()
    assert "renrakucho_no_such_metric" not in exported


def test_an_alert_says_how_urgent_it_is() -> None:
    rules = [rule for group in yaml.safe_load(text("prometheus/alerts.yml"))["groups"] for rule in group["rules"]]
    assert len(rules) > 8
    assert {rule["labels"]["severity"] for rule in rules} == {"page", "ticket"}
    assert all(rule["annotations"]["summary"] for rule in rules)


def test_the_board_is_whole() -> None:
    board = json.loads(text("grafana/portal.json"))
    panels = [panel for panel in board["panels"] if panel["type"] != "row"]
    assert len(panels) >= 8
    assert all(target["expr"] for panel in panels for target in panel["targets"])
    assert len({panel["id"] for panel in board["panels"]}) == len(board["panels"])


@pytest.mark.parametrize("name", ["haproxy/front.cfg", "haproxy/database.cfg"])
def test_haproxy_logs_no_path_and_no_query(name: str) -> None:
    """%r, %HP, %HPO, %HQ, %HU and captured headers have them, as has the built-in format of httplog."""
    found = text(name)
    assert logged_addresses(found) == []
    assert logged_addresses(found.replace("%HM", "%r")) or name == "haproxy/database.cfg"
    assert logged_addresses(found + "    option httplog\n")


def logged_addresses(configuration: str) -> list[str]:
    lines = [line.split(" #")[0] for line in configuration.splitlines() if not line.strip().startswith("#")]
    wrong = re.compile(
        r"option httplog|capture |%(?:\[[^]]*(?:path|url|query|hdr))|%(?:\{[^}]*\})?\+?Q?(?:r|HP|HPO|HQ|HU|hr|hs)\b"
    )
    return [line for line in lines if ("log" in line or "capture" in line) and wrong.search(line)]


def test_haproxy_asks_the_web_hosts_for_their_database_alone() -> None:
    """The whole of /readyz fails where no worker runs, and pages go on then."""
    front = text("haproxy/front.cfg")
    assert 'http-check expect rstring "database\\": \\"(ok|warning)"' in front
    expression = re.compile('database": "(ok|warning)')
    assert expression.search('{"ready": false, "checks": {"database": "ok", "workers": "failing"}}')
    assert not expression.search('{"ready": false, "checks": {"database": "failing"}}')


def test_nginx_keeps_every_code_out_of_its_log() -> None:
    [pattern] = re.findall(r"location ~ (\^/\(.*\)/\.) \{", text("nginx/renrakucho-locations.conf"))
    assert all(re.match(pattern, f"{prefix}x") for prefix in CAPABILITY_PREFIXES)


def test_what_a_failover_promises_is_what_patroni_is_told() -> None:
    patroni = yaml.safe_load(text("patroni/config.yml"))
    told = patroni["bootstrap"]["dcs"]
    assert told["ttl"] >= told["loop_wait"] + 2 * told["retry_timeout"]
    assert told["ttl"] <= 20  # and some seconds until a standby is promoted and found: 30 in all
    assert told["synchronous_mode"] is True
    assert told["postgresql"]["parameters"]["synchronous_commit"] == "on"
    assert told["postgresql"]["parameters"]["log_parameter_max_length"] == 0
    worker, web = LIMITS[ProcessKind.WORKER].connections, LIMITS[ProcessKind.WEB].connections
    assert 2 * (2 * web + worker) < told["postgresql"]["parameters"]["max_connections"]


def test_a_backup_is_not_kept_longer_than_it_can_be_opened() -> None:
    [days] = re.findall(r"repo1-retention-full=(\d+)", text("pgbackrest/repository.conf"))
    assert int(days) <= 20


def test_the_image_is_made_of_pinned_packages_and_not_run_as_root() -> None:
    lines = text("container/Containerfile")
    assert "--require-hashes -r requirements/run.txt" in lines
    assert re.findall(r"^USER (\S+)", lines, re.MULTILINE)[-1] == "renrakucho"
    [command] = re.findall(r"^CMD (\[.*\])$", lines, re.MULTILINE)
    assert json.loads(command)[0] == "granian"
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["requires-python"]
    assert wanted == ">=3.11"
    assert set(re.findall(r"FROM \S+python:([\d.]+)", lines)) == {"3.11"}


def test_the_services_of_compose_write_nowhere_but_to_their_volumes() -> None:
    compose = yaml.safe_load(text("container/compose.yml"))
    for name in ("portal", "worker"):
        service = compose["services"][name]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["user"] == "990:990"
        assert set(service["secrets"]) == set(compose["secrets"])


def test_the_readme_names_every_file() -> None:
    named = text("README.md")
    files = [
        path.relative_to(DEPLOY) for path in DEPLOY.rglob("*") if path.is_file() and "__pycache__" not in path.parts
    ]
    assert [str(path) for path in files if path.name not in named] == []


@pytest.mark.parametrize("document", ["docs/scale.md", "deploy/README.md"])
def test_files_and_steps_that_a_document_names_exist(document: str) -> None:
    found = (ROOT / document).read_text("utf-8")
    places = (ROOT, ROOT / "docs", DEPLOY, DEPLOY / "systemd", DEPLOY / "prometheus")
    named = re.findall(r"`([\w./-]+\.(?:md|py|cfg|conf|yml|ini|env|json|service|timer)|tests/\w+)`", found)
    named += re.findall(r"\]\(([\w./-]+\.md)(?:#[\w-]+)?\)", found)
    assert named
    assert [name for name in named if not any((place / name).exists() for place in places)] == []
    source = (ROOT / "benchmarks" / "cluster_steps.py").read_text("utf-8")
    steps = re.findall(r'^    "(\w+)": \w+,$', source, re.MULTILINE)
    asked = [step for steps_text in re.findall(r"--steps ([\w,]+)", found) for step in steps_text.split(",")]
    assert steps
    assert set(asked) <= set(steps)
    for module in re.findall(r"-m benchmarks\.(\w+)", found):
        assert (ROOT / "benchmarks" / f"{module}.py").exists()
    targets = re.findall(r"\bmake ([a-z-]+)(?:`|  |$)", found, re.MULTILINE)
    assert targets
    assert all(f"\n{target}:\n" in (ROOT / "Makefile").read_text("utf-8") for target in targets)
