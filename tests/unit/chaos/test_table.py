from tests.chaos.builders import a_result
from tests.chaos.plan import plan_storm
from tests.chaos.result import Blow
from tests.chaos.table import markdown_table, total

BLOWS = [
    Blow(at=9, kind="kill_redis", seconds=2, hit=""),
    Blow(at=4, kind="mail_busy", seconds=2, hit="429"),
    Blow(at=5, kind="fail_run", seconds=2, hit="missed: nothing to hit"),
]


def test_the_page_says_what_hit_and_what_came_of_it() -> None:
    plan = plan_storm(7, 40, 60)
    result = a_result(plan, blows=BLOWS, unknown=2, max_mapped_tasks=10)
    *_, row = markdown_table([result]).splitlines()
    assert (
        row
        == "| 7 | 10 | mail_busy, kill_redis | 40 | 0 | 0 | 2 | 40 | 0 | 12 | kept |"
    )


def test_what_was_not_well_again_in_time_is_said() -> None:
    lost = a_result(
        plan_storm(7, 40, 60), recovery_seconds=None, violations=["job: lost"]
    )
    assert "| never | 1 broken |" in markdown_table([lost])
    assert total([lost]).startswith("1 storms, 0 strikes, 40 completed")
