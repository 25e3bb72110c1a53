import io

from rich.console import Console

from local_stack.sample_study import SampleStudy
from local_stack.sample_study.__main__ import table


def test_the_command_prints_a_line_for_each_person_with_counts(
    sample: SampleStudy,
) -> None:
    console = Console(file=io.StringIO(), width=100)
    with console.capture() as printed:
        console.print(table(sample))
    text = printed.get()
    for person in sample.people:
        assert person.user.name in text
        assert person.user.email not in text
    assert "two studies" in text
    assert "25 people" in text
    files = sum(len(person.files) for person in sample.people)
    assert text.split()[-1] == str(files)
