"""The Dockerfile, which no test can build: there is no Docker here."""

import re

import pytest

from local_stack.environment import PROJECT
from tests.architecture import compose_file

Instruction = tuple[str, str]


def stages() -> dict[str, list[Instruction]]:
    """Return the instructions of each stage, those it builds on included."""
    text = re.sub(
        r"^#.*\n", "", (PROJECT / "Dockerfile").read_text(), flags=re.MULTILINE
    )
    found: dict[str, list[Instruction]] = {}
    name = ""
    for line in text.replace("\\\n", " ").splitlines():
        word, _, rest = line.partition(" ")
        if word == "FROM":
            base, _, name = rest.partition(" AS ")
            found[name] = [*found.get(base, []), (word, base)]
        elif word:
            found[name].append((word, rest))
    return found


STAGES = stages()
TARGETS = sorted(set(STAGES) - {"base"})


def copied(stage: str) -> set[str]:
    """Return what a stage's image takes from the repository."""
    sources = [rest.split()[:-1] for word, rest in STAGES[stage] if word == "COPY"]
    return {source for line in sources for source in line}


def test_the_base_has_its_full_version() -> None:
    bases = [rest for word, rest in STAGES["base"] if word == "FROM"]
    assert len(bases) == 1
    assert re.fullmatch(r"python:3\.11\.\d+-slim-bookworm", bases[0])


@pytest.mark.parametrize("stage", TARGETS)
def test_nothing_runs_as_root(stage: str) -> None:
    users = [rest for word, rest in STAGES[stage] if word == "USER"]
    assert users[-1] == "1000:1000"


@pytest.mark.parametrize("stage", TARGETS)
def test_what_is_copied_is_in_the_repository_and_sent_to_the_builder(
    stage: str,
) -> None:
    ignore = (PROJECT / ".dockerignore").read_text().splitlines()
    sent = {line[1:] for line in ignore if line.startswith("!")}
    assert "*" in ignore
    for path in copied(stage):
        assert (PROJECT / path).exists()
        assert path.split("/")[0] in sent


@pytest.mark.parametrize("stage", TARGETS)
def test_packages_are_installed_by_their_hashes(stage: str) -> None:
    commands = [rest for word, rest in STAGES[stage] if word == "RUN"]
    installing = [command for command in commands if "pip install" in command]
    assert installing
    assert all("--require-hashes -r requirements/" in c for c in installing)


def test_compose_builds_targets_that_are_there() -> None:
    services = compose_file.services(compose_file.filled_in()).values()
    targets = {s["build"]["target"] for s in services if "build" in s}
    assert targets == set(TARGETS)


def test_the_apis_image_is_without_the_pipeline() -> None:
    assert copied("api") == {
        "requirements/api.txt",
        "plugins/trial_reports",
        "graphql_api",
        "templates",
    }
    locked = (PROJECT / "requirements" / "api.txt").read_text()
    packages = set(re.findall(r"^([a-z0-9-]+)==", locked, re.MULTILINE))
    assert "fastapi" in packages
    heavy = {"apache-airflow", "apache-airflow-core", "weasyprint", "pillow"}
    assert packages & {*heavy, "sendgrid"} == set()


def test_the_pipelines_image_has_the_libraries_the_makefile_installs() -> None:
    makefile = (PROJECT / "Makefile").read_text()
    listed = re.search(r"SYSTEM_PACKAGES := ((?:.*\\\n)*.*)", makefile)
    assert listed is not None
    for_tests_only = {"libcurl4", "poppler-utils"}  # mongod's, and to look at pages
    wanted = set(listed[1].replace("\\", " ").split()) - for_tests_only
    commands = " ".join(rest for word, rest in STAGES["airflow"] if word == "RUN")
    installed = commands.partition("--no-install-recommends")[2].partition("&&")[0]
    assert set(installed.split()) == wanted
