"""What could be wrong all the same: hidden bias, many outcomes, tests that find what is not there."""

from wholeplace.learning.doubt.hidden_bias import (
    HiddenBias,
    bound_hidden_bias,
    find_e_value,
    find_e_value_of_difference,
)
from wholeplace.learning.doubt.own_donors import FalsePositives, measure_false_positives
from wholeplace.learning.doubt.several import correct_benjamini_hochberg, correct_holm

__all__ = [
    "FalsePositives",
    "HiddenBias",
    "bound_hidden_bias",
    "correct_benjamini_hochberg",
    "correct_holm",
    "find_e_value",
    "find_e_value_of_difference",
    "measure_false_positives",
]
