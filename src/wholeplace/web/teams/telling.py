"""What people are told of referrals, cases and actions, in words that name nobody."""

from wholeplace.web.gateway.notices import NoticeWords, register_words

__all__ = ["register"]

_REFERRAL, _CASE, _ACTION = "teams:referral", "teams:case", "teams:action"
_MEETING = "teams:meeting"
_WORDS = {
    "referral": ("A new referral waits for your organisation", _REFERRAL),
    "referral-late": ("A referral was not decided on in time", _REFERRAL),
    "referral-changed": ("The sender of a referral answered or withdrew it", _REFERRAL),
    "referral-acknowledge": ("A referral that you sent is being looked at", _REFERRAL),
    "referral-ask": ("You are asked about a referral that you sent", _REFERRAL),
    "referral-accept": ("A referral that you sent was accepted", _REFERRAL),
    "referral-start": ("Help has started after a referral that you sent", _REFERRAL),
    "referral-complete": ("What you referred somebody for was completed", _REFERRAL),
    "referral-end-early": ("What you referred somebody for ended early", _REFERRAL),
    "referral-decline": ("A referral that you sent was declined", _REFERRAL),
    "referral-redirect": ("A referral that you sent was passed on", _REFERRAL),
    "referral-withdraw-consent": ("Somebody whom you referred no longer agrees", _REFERRAL),
    "case-joined": ("You are of a team round a family", _CASE),
    "case-lead": ("You lead a case from now on", _CASE),
    "case-no-lead": ("Nobody leads a case any more", _CASE),
    "case-closing": ("A case waits for a second approver to close it", _CASE),
    "case-returned": ("A case was not closed", _CASE),
    "family-said": ("A family said something about its plan", "teams:family-word"),
    "action": ("You are asked to do something for a family", _ACTION),
    "action-decline": ("An action that you proposed was declined", _ACTION),
    "action-block": ("An action that you proposed is blocked", _ACTION),
    "action-give-up": ("An action that you proposed was not done", _ACTION),
    "meeting-planned": ("You are asked to a meeting", _MEETING),
    "meeting-packs": ("Your pack for a meeting is ready", _MEETING),
    "meeting-plan-again": ("The packs of a meeting were taken back", _MEETING),
    "meeting-cancel": ("A meeting was cancelled", _MEETING),
    "meeting-knock": ("Somebody waits to be let into a meeting", _MEETING),
    "meeting-dissent": ("You are to settle a disagreement", _MEETING),
}
_LINKS = {
    _REFERRAL: "Open the referral",
    _CASE: "Open the case",
    _ACTION: "Open the action",
    _MEETING: "Open the meeting",
    "teams:family-word": "Read it",
}


def register() -> None:
    """Say what each kind of notice means; called when the app starts."""
    for kind, (subject, opens) in _WORDS.items():
        register_words(kind, NoticeWords(subject, _LINKS[opens], opens))
