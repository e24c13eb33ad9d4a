"""The grade of the evidence, computed from what was done and what the checks found."""

from wholeplace.learning.grading.effect import as_effect
from wholeplace.learning.grading.grade import Diagnostics, Grade, GradeStep, grade_study
from wholeplace.learning.grading.scale import Scale, load_scale

__all__ = [
    "Diagnostics",
    "Grade",
    "GradeStep",
    "Scale",
    "as_effect",
    "grade_study",
    "load_scale",
]
