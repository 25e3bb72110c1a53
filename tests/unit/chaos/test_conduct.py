from pathlib import Path

from rich.console import Console

from tests.chaos.builders import a_result
from tests.chaos.conduct import conduct
from tests.chaos.plan import Plan, plan_storm
from tests.chaos.result import StormResult, read_results

PLANS = [plan_storm(seed, 3, 20) for seed in (1, 2)]


class Weather:
    """Storms without a stack."""

    def __init__(self) -> None:
        self.seeds: list[int] = []
        self.version = "v1"

    def run(self, plan: Plan) -> StormResult:
        self.seeds.append(plan.seed)
        return a_result(plan, version=self.version)


def suite(weather: Weather, results: Path, version: str = "v1") -> int:
    weather.version = version
    return conduct(PLANS, weather.run, version, results, Console(quiet=True))


def test_a_suite_that_was_interrupted_goes_on_where_it_was(tmp_path: Path) -> None:
    results, weather = tmp_path / "results.jsonl", Weather()
    conduct(PLANS[:1], weather.run, "v1", results, Console(quiet=True))
    assert suite(weather, results) == 0
    assert weather.seeds == [1, 2]
    assert [result.seed for result in read_results(results)] == [1, 2]


def test_another_version_of_the_code_meets_the_same_storms_again(
    tmp_path: Path,
) -> None:
    results, weather = tmp_path / "results.jsonl", Weather()
    suite(weather, results, "v0")
    suite(weather, results, "v1")
    assert weather.seeds == [1, 2, 1, 2]


def test_what_was_seen_with_uncommitted_changes_does_not_count(tmp_path: Path) -> None:
    results, weather = tmp_path / "results.jsonl", Weather()
    for _ in range(2):
        suite(weather, results, "v1-dirty")
    assert weather.seeds == [1, 2, 1, 2]


def test_a_broken_promise_of_an_earlier_sitting_still_fails(tmp_path: Path) -> None:
    results = tmp_path / "results.jsonl"
    broken = a_result(PLANS[0], violations=["job_one: has 0 mails"])
    results.write_text(broken.model_dump_json() + "\n")
    weather = Weather()
    assert suite(weather, results) == 1
    assert weather.seeds == [2]
