import pytest

from tests.components.segmentation_example_gen.fuzz import fuzz


@pytest.mark.slow
@pytest.mark.timeout(60)
@pytest.mark.filterwarnings("ignore")
def test_spoilt_records_are_refused_in_words_or_are_good():
    outcome = fuzz(2000, seed=1)
    assert outcome.accepted > 200 and outcome.refused.total() > 1000  # neither too spoilt nor too little
    assert len(outcome.refused) > 15
    assert outcome.slowest < 10
