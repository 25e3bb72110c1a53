from datetime import UTC, datetime

import pytest

from local_stack.sample_study import SampleStudy, generate


@pytest.fixture(scope="session")
def sample() -> SampleStudy:
    """Return a sample with one of every oddity; nothing in it can be changed."""
    return generate(1, 25, datetime(2026, 11, 23, 12, tzinfo=UTC))
