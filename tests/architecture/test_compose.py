"""docker-compose.yml, which no test can start: there is no Docker here."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from local_stack.environment import PROJECT
from tests.architecture import compose_file
from tests.architecture.compose_file import Service

ONE_SHOT = {"prepare", "sample"}
SERVICES = compose_file.services(compose_file.filled_in())
OURS = {name for name, service in SERVICES.items() if "build" in service}


def checked_by_schema(file: Path) -> subprocess.CompletedProcess[str]:
    """Check a file against the Compose schema that check-jsonschema carries."""
    tool = [sys.executable, "-m", "check_jsonschema"]
    return subprocess.run(
        [*tool, "--builtin-schema", "vendor.compose-spec", str(file)],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_it_follows_the_compose_specification() -> None:
    checked = checked_by_schema(compose_file.COMPOSE)
    assert checked.returncode == 0, checked.stdout


def test_the_schema_would_tell_of_a_misspelt_key(tmp_path: Path) -> None:
    wrong = tmp_path / "docker-compose.yml"
    text = compose_file.COMPOSE.read_text()
    wrong.write_text(text.replace("healthcheck:", "health_check:", 1))
    checked = checked_by_schema(wrong)
    assert checked.returncode != 0
    assert "health_check" in checked.stdout


def test_the_example_explains_every_variable_and_no_other() -> None:
    read_by_compose_itself = {"COMPOSE_PROFILES"}
    names = set(compose_file.example())
    assert names - read_by_compose_itself == compose_file.variables()
    lines = compose_file.EXAMPLE.read_text().splitlines()
    assigned = [line for line in lines if re.match(r"\w+=", line)]
    assert len(assigned) == len(names)


def test_the_example_holds_no_key() -> None:
    example = compose_file.example()
    secret = [n for n in example if re.search("PASSWORD|SECRET|KEY", n)]
    given = {name: example[name] for name in secret if example[name]}
    # The stand-in for S3 and SQS takes any.
    assert set(given) == {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"}
    assert set(given.values()) == {"example"}


@pytest.mark.parametrize("name", sorted(compose_file.keys_to_make()))
def test_without_a_key_compose_does_not_start(name: str) -> None:
    if name == "TRIAL_REPORTS_API__DEVELOPMENT_KEY":  # production must not have it
        compose_file.services(compose_file.filled_in(**{name: ""}))
    else:
        with pytest.raises(LookupError, match=name):
            compose_file.services(compose_file.filled_in(**{name: ""}))


def test_the_api_knows_no_key_of_airflows() -> None:
    told = SERVICES["api"]["environment"]
    assert {n for n in told if n.startswith(("AIRFLOW", "POSTGRES"))} == set()
    assert "airflow" not in SERVICES["api"]["networks"]


@pytest.mark.parametrize("name", sorted(set(SERVICES) - ONE_SHOT))
def test_a_service_that_runs_on_says_whether_it_is_well(name: str) -> None:
    service = SERVICES[name]
    assert service["restart"] == "unless-stopped"
    assert {"test", "interval", "timeout", "retries"} <= set(service["healthcheck"])


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_a_python_health_check_can_be_read(name: str) -> None:
    check = SERVICES[name].get("healthcheck", {}).get("test", [])
    if "python" in check:
        assert check[:3] == ["CMD", "python", "-c"]
        compile(check[3], name, "exec")


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_a_service_may_do_little(name: str) -> None:
    service: Service = SERVICES[name]
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert "mem_limit" in service
    assert not {"privileged", "network_mode", "pid", "devices"} & set(service)
    assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))
    # Our images name their user themselves.
    assert name in OURS or service["user"].split(":")[0] not in {"", "0", "root"}


def test_who_starts_first_is_there() -> None:
    for name, service in SERVICES.items():
        for other, how in service.get("depends_on", {}).items():
            wanted = "completed_successfully" if other in ONE_SHOT else "healthy"
            assert how["condition"] == f"service_{wanted}", (name, other)
            # Without the profile there is no such service to wait for.
            optional = "profiles" in SERVICES[other]
            assert how.get("required", True) is not optional


def test_only_what_people_or_their_browsers_use_has_a_port() -> None:
    with_ports = {name for name, service in SERVICES.items() if "ports" in service}
    assert with_ports == {"api", "api-server", "aws", "mailbox"}


def test_every_volume_and_network_is_declared() -> None:
    file = yaml.safe_load(compose_file.COMPOSE.read_text())
    used = {
        v.partition(":")[0] for s in SERVICES.values() for v in s.get("volumes", [])
    }
    assert used == set(file["volumes"])
    joined = {n for s in SERVICES.values() for n in s.get("networks", [])}
    assert joined - {"default"} == set(file["networks"])


@pytest.mark.parametrize("name", sorted(set(SERVICES) - OURS))
def test_an_image_from_elsewhere_has_its_full_version(name: str) -> None:
    assert re.search(r":\d+\.\d+(\.\d+)?(-\w+)?$", SERVICES[name]["image"])


def test_the_stand_in_for_aws_is_the_version_that_tests_use() -> None:
    locked = (PROJECT / "requirements" / "dev.txt").read_text()
    version = SERVICES["aws"]["image"].partition(":")[2]
    assert f"\nmoto=={version} " in locked
