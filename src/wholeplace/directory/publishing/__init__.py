"""Publishing as Open Referral UK 3.0: answers, their description, and proof that they conform."""

from wholeplace.directory.publishing.answering import BadQuestionError, answer_list, answer_one
from wholeplace.directory.publishing.description import describe_api
from wholeplace.directory.publishing.documents import service_document
from wholeplace.directory.publishing.package import write_package
from wholeplace.directory.publishing.validating import (
    Departure,
    validate_answer,
    validate_catalogue,
    validate_service,
)

__all__ = [
    "BadQuestionError",
    "Departure",
    "answer_list",
    "answer_one",
    "describe_api",
    "service_document",
    "validate_answer",
    "validate_catalogue",
    "validate_service",
    "write_package",
]
