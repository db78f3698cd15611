"""The rank correlation against SciPy's."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import spearmanr

from course_lib.ranks import rank_correlation

pairs = st.lists(st.tuples(st.integers(-3, 3), st.floats(-1e6, 1e6)), min_size=2, max_size=30)


@given(pairs)
def test_it_is_scipys_with_equal_values_too(pairs):
    x, y = np.transpose(pairs)
    if np.ptp(x) and np.ptp(y):
        np.testing.assert_allclose(rank_correlation(x, y), spearmanr(x, y).statistic, atol=1e-12)
    else:
        assert np.isnan(rank_correlation(x, y))


@pytest.mark.parametrize("law", [np.exp, np.sqrt, lambda x: 3 * x - 1])
def test_what_grows_by_any_law_has_rank_correlation_one(law):
    x = np.random.default_rng(0).uniform(0, 9, 50)
    assert rank_correlation(x, law(x)) == pytest.approx(1)
    assert rank_correlation(x, -law(x)) == pytest.approx(-1)


def test_lists_of_two_lengths_are_refused():
    with pytest.raises(ValueError, match=r"^x has 3 values, but y has 2$"):
        rank_correlation([1, 2, 3], [1, 2])
