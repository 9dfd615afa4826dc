import pytest

from tests.pipeline.server.fuzz import fuzz


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_spoilt_requests_are_refused_in_words_or_have_the_right_mask(exported):
    outcome = fuzz(exported, 300, seed=1)
    statuses = outcome.answers
    assert sum(count for (_, status), count in statuses.items() if status == 200) > 30
    assert sum(count for (_, status), count in statuses.items() if status and status >= 400) > 150
    assert {408, 413, 415} < {status for _, status in statuses} and len({kind for kind, _ in statuses}) > 10
    assert outcome.slowest < 30
    assert outcome.memory[-1][1] < 1.3 * outcome.base
