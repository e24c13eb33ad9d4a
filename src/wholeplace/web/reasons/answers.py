"""Answers to requests for information: kept encrypted, and shown by the gateway alone."""

import base64
import datetime as dt
import json
import secrets
from collections.abc import Iterable

from cryptography.fernet import Fernet

from wholeplace.agreements import SealedItem
from wholeplace.agreements.reasons.information_request import FieldAnswer, answer_value
from wholeplace.agreements.texts.terms import Terms
from wholeplace.foundation.sealed import Sealed
from wholeplace.web.database.keys import read_key
from wholeplace.web.gateway.wiring import OpenPlace
from wholeplace.web.reasons.models import FieldReply, InformationRequest

__all__ = ["keep_answers", "sealed_answers"]

_KEY_NAME = "answers"
_DATASET = "information-request"


def keep_answers(
    place: OpenPlace, request: InformationRequest, answers: Iterable[FieldAnswer]
) -> None:
    """Keep what was answered; what a partner wrote is encrypted under the deployment's key."""
    box = _box(place)
    FieldReply.objects.bulk_create(
        [
            FieldReply(
                request=request,
                person_id=request.person_id,
                field=each.field,
                outcome=each.outcome,
                refusal=each.refusal,
                sealed_text=_seal(box, each) if each.outcome == "given" else b"",
            )
            for each in answers
        ]
    )


def sealed_answers(
    place: OpenPlace, request: InformationRequest, terms: Terms
) -> list[tuple[FieldReply, SealedItem | None]]:
    """Return each reply with its value, sealed, where one was given."""
    box = _box(place)
    return [
        (reply, _item(box, request, reply, terms) if reply.outcome == "given" else None)
        for reply in request.replies.all()
    ]


def _seal(box: Fernet, answer: FieldAnswer) -> bytes:
    day = answer.on.isoformat() if answer.on else None
    return box.encrypt(json.dumps({"text": answer.text, "on": day}).encode())


def _item(box: Fernet, request: InformationRequest, reply: FieldReply, terms: Terms) -> SealedItem:
    kept = json.loads(box.decrypt(bytes(reply.sealed_text)))
    day = dt.date.fromisoformat(kept["on"]) if kept["on"] else None
    answer = FieldAnswer(reply.field, "given", text=kept["text"], on=day)
    value = answer_value(terms.fields[reply.field], answer)
    return SealedItem(
        secrets.token_hex(8), request.partner, _DATASET, reply.field, request.person_id,
        Sealed(value),
    )  # fmt: skip


def _box(place: OpenPlace) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(bytes.fromhex(read_key(place.data, _KEY_NAME))))
