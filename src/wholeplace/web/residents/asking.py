"""Questions, corrections and complaints of residents, and their answers."""

import datetime as dt

from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.web.accounts.models import User
from wholeplace.web.chain.trail import record, subject_pseudonym
from wholeplace.web.residents.binding import record_own
from wholeplace.web.residents.limits import limits
from wholeplace.web.residents.models import ResidentRequest

__all__ = ["KINDS", "STATES", "STEPS", "ask", "step_request"]

KINDS = {
    "question": "Ask a question",
    "who": "Ask for the name of somebody who looked",
    "correction": "Say that something is wrong",
    "complaint": "Complain",
}
STATES = {
    "received": "We have it",
    "looking": "We are looking into it",
    "answered": "Answered",
    "withdrawn": "You took it back",
}
# step → (from which states, to which state)
STEPS: dict[str, tuple[frozenset[str], str]] = {
    "take": (frozenset({"received"}), "looking"),
    "answer": (frozenset({"received", "looking"}), "answered"),
    "withdraw": (frozenset({"received", "looking"}), "withdrawn"),
}


def ask(user: User, person_id: str, kind: str, text: str, at: dt.datetime) -> ResidentRequest:
    """Keep what a resident asks; that they asked stands in the trail, never the words.

    Raises:
        UnsafeActionError: if it is not said what they want.
    """
    if kind not in KINDS or not text.strip():
        raise UnsafeActionError(
            "Nothing was sent.", "It does not say what you want.", "Write it in your own words."
        )
    record_own("my-record.asked", user, person_id, what=kind)
    return ResidentRequest.objects.create(
        person_id=person_id, user_id=str(user.pk), kind=kind, text=text.strip(), asked_at=at,
        due_on=at.date() + dt.timedelta(days=limits().answer_days),
    )  # fmt: skip


def step_request(
    user: User, request: ResidentRequest, step: str, version: int, at: dt.datetime, answer: str = ""
) -> None:
    """Take a request up, answer it, or (the resident) take it back.

    Raises:
        UnsafeActionError: if the step does not fit now, an answer says nothing, or somebody else
            changed the request meanwhile.
    """
    before, after = STEPS.get(step, (frozenset(), ""))
    if request.state not in before or (step == "answer" and not answer.strip()):
        raise UnsafeActionError(
            "Nothing was changed.",
            "This cannot be done with it now, or the answer is empty.",
            "Load the page again, and write an answer that they will understand.",
        )
    if step == "answer":
        record(
            "my-record.answered", actor=str(user.pk), organisation=user.organisation,
            role="data-protection-officer", request=str(request.pk),
            subjects=[{"subject": subject_pseudonym(request.person_id)}],
        )  # fmt: skip
    else:
        record(
            f"my-record.request-{step}", actor=str(user.pk), organisation=user.organisation,
            request=str(request.pk),
        )  # fmt: skip
    facts = {"state": after, "version": version + 1}
    if step == "answer":
        facts |= {"answer": answer.strip(), "answered_by": str(user.pk), "answered_at": at}
    found = ResidentRequest.objects.filter(pk=request.pk, version=version, state=request.state)
    if found.update(**facts) != 1:
        raise UnsafeActionError(
            "Nothing was changed.",
            "Somebody else changed it while you read.",
            "Look at it again, then decide.",
        )
