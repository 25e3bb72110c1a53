"""Six weeks of a participant's records."""

from collections.abc import Iterator

from local_stack.sample_study import sentences
from local_stack.sample_study.chart import Chart
from local_stack.sample_study.measurements import Body, laboratory, vital_signs
from local_stack.sample_study.weeks import WEEKS
from trial_reports.documents.models import Document

_LATE_SHARE = 0.25
"""Share of people one of whose diary entries arrives a week late."""
_ADVERSE_SHARE = 0.35
"""Share of weeks in which something unpleasant happens."""
_HEALING_WEEKS = 2
_OWN_SHARE = 0.3
"""Share of messages which the participant writes."""


def history(chart: Chart) -> tuple[Document, ...]:
    """Return the records of all weeks, oldest first."""
    body = Body.somebody(chart.random)
    documents = [
        document
        for weeks_ago in range(WEEKS)
        for document in _week(chart, body, weeks_ago)
    ]
    if chart.random.random() < _LATE_SHARE:
        documents.append(late_diary_entry(chart))
    return tuple(sorted(documents, key=lambda d: (d.recorded_at, d.id)))


def late_diary_entry(chart: Chart) -> Document:
    """Return an entry from before the report week that was stored within it."""
    text = "Written on paper at my sister's, where there is no network."
    return chart.entry(
        "diary",
        chart.weeks.moment(1, 5, 20),
        {"mood": 4, "text": text},
        stored_at=chart.weeks.moment(0, 2, 10),
    )


def _week(chart: Chart, body: Body, weeks_ago: int) -> Iterator[Document]:
    yield from vital_signs(chart, body, weeks_ago)
    yield from laboratory(chart, weeks_ago)
    yield from _visits(chart, weeks_ago)
    yield from _diary(chart, body, weeks_ago)
    yield from _adverse_events(chart, weeks_ago)
    yield from _messages(chart, weeks_ago)


def _visits(chart: Chart, weeks_ago: int) -> Iterator[Document]:
    if weeks_ago % 2:
        return
    random, weeks = chart.random, chart.weeks
    name = random.choice(sentences.VISITS)
    status = random.choices(("done", "missed"), (6, 1))[0]
    at = weeks.moment(weeks_ago, 3, random.randint(16, 30) / 2)
    data = {"name": name, "status": status, "location": "Study centre, room 4"}
    yield chart.entry("visit", at, {**data, "scheduledFor": at})
    if weeks_ago == 0:
        planned = {
            **data,
            "name": random.choice(sentences.VISITS),
            "status": "planned",
            "scheduledFor": weeks.moment(-1, 3, random.randint(16, 30) / 2),
        }
        yield chart.entry("visit", weeks.moment(0, 4, 9), planned)


def _diary(chart: Chart, body: Body, weeks_ago: int) -> Iterator[Document]:
    random = chart.random
    better = body.progress(weeks_ago) / WEEKS
    for weekday in sorted(random.sample(range(7), random.randint(3, 5))):
        mood = min(5, max(1, round(random.gauss(body.cheer + better, 0.8))))
        said = random.choice(sentences.DIARY[mood])
        text = f"{said} {random.choice(sentences.DIARY_ENDINGS)}".strip()
        at = chart.weeks.moment(weeks_ago, weekday, random.uniform(18, 21.5))
        yield chart.entry("diary", at, {"mood": mood, "text": text})


def _adverse_events(chart: Chart, weeks_ago: int) -> Iterator[Document]:
    random = chart.random
    if random.random() > _ADVERSE_SHARE:
        return
    recent = weeks_ago < _HEALING_WEEKS
    data = {
        "description": random.choice(sentences.ADVERSE_EVENTS),
        "severity": random.choices(("mild", "moderate", "severe"), (10, 4, 1))[0],
        "status": random.choice(("ongoing", "recovering")) if recent else "resolved",
    }
    at = chart.weeks.moment(weeks_ago, random.randrange(7), random.uniform(10, 20))
    yield chart.entry("adverse_event", at, data)


def _messages(chart: Chart, weeks_ago: int) -> Iterator[Document]:
    random = chart.random
    for _ in range(random.randint(0, 2)):
        at = chart.weeks.moment(weeks_ago, random.randrange(5), random.uniform(9, 17))
        if random.random() < _OWN_SHARE:
            data = {
                "from": "You",
                "text": random.choice(sentences.PARTICIPANT_MESSAGES),
            }
        else:
            sender = random.choice(sentences.SENDERS)
            data = {"from": sender, "text": random.choice(sentences.TEAM_MESSAGES)}
        yield chart.entry("message", at, data)
