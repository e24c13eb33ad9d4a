"""The slow, plain reference: how much may be seen, straight from the prose, clause by clause.

Shares no code with `rules` and `decision`: no index, no cache, no expansion ahead of time.
"""

from wholeplace.agreements import Agreement, Clause, Level, Request, agreement_hash

from .worlds import FIELDS, World

OWN_DATA_PURPOSES = {
    "practitioner": {"whole-family-support", "safeguarding", "homelessness-prevention"},
    "coordinator": {"whole-family-support", "safeguarding", "homelessness-prevention"},
}


def level_by_prose(world: World, request: Request, source: str, field: str) -> Level:
    subject = request.subject
    assert subject is not None
    stated = [flag for flag in subject.flags if flag.value != "no"]

    # A sealed person is not there, save for named guardians, and for whoever broke the glass
    # with a second person. Unknown counts as sealed.
    is_confirmed = has_broken_glass(request) and request.reason.lifts_seal  # type: ignore[union-attr]
    is_guardian = request.viewer.user_id in subject.guardians
    if any(f.flag == "sealed" for f in stated) and not (is_guardian or is_confirmed):
        return Level.NOTHING
    # An objection to this purpose, or to all.
    if any(f.flag == "objection" and f.purpose in ("", request.purpose) for f in stated):
        return Level.NOTHING
    # The National Data Opt-out touches planning alone.
    if request.purpose == "service-planning" and any(f.flag == "national-opt-out" for f in stated):
        return Level.NOTHING

    level = Level.NOTHING
    for agreement in world.agreements:
        if is_in_force(world, agreement):
            for clause in agreement.clauses:
                if clause_covers(agreement, clause, request, source, field):
                    level = max(level, clause.level)
    is_own = request.viewer.organisation == source and field in FIELDS
    if is_own and request.purpose in OWN_DATA_PURPOSES.get(request.viewer.role, set()):
        level = Level.DETAIL

    # A restricted person is known and no more; so is anybody without a live reason.
    if any(f.flag == "restricted" for f in stated) or not has_live_reason(request):
        level = min(level, Level.EXISTENCE)
    return level


def clause_covers(
    agreement: Agreement, clause: Clause, request: Request, source: str, field: str
) -> bool:
    parties = [party.partner for party in agreement.parties]
    organisation = request.viewer.organisation
    is_for_all = clause.recipient == "all-parties" and organisation != source
    return (
        clause.source == source
        and source in parties
        and organisation in parties
        and (is_for_all or clause.recipient == organisation)
        and request.viewer.role in clause.roles
        and clause.purpose == request.purpose
        and clause.purpose in agreement.purposes
        and (field in clause.fields or field.split(".")[0] in clause.fields)
        and consent_allows(clause.consent, request)
        and factors_allow(clause.needs_factors, request)
    )


def factors_allow(least: int, request: Request) -> bool:
    assert request.subject is not None
    known = request.subject.factors
    return True if least == 0 else known is not None and known >= least


def has_broken_glass(request: Request) -> bool:
    return has_live_reason(request) and request.reason.kind == "break-glass"  # type: ignore[union-attr]


def consent_allows(rule: str, request: Request) -> bool:
    assert request.subject is not None
    if has_broken_glass(request):
        return True
    values = {
        flag.value
        for flag in request.subject.flags
        if flag.flag == "consent"
        and (flag.purpose == request.purpose or (flag.purpose == "" and flag.value != "yes"))
    }
    if rule == "required":
        return values == {"yes"}
    if rule == "unless-refused":
        return not values & {"no", "unknown"}
    return True


def has_live_reason(request: Request) -> bool:
    why = request.reason
    assert request.subject is not None
    if why is None or request.subject.person_id not in why.person_ids:
        return False
    if request.viewer.user_id not in {why.opened_by, *why.user_ids}:
        return False
    if why.purpose and why.purpose != request.purpose:
        return False
    is_over = why.expires_at is not None and request.at >= why.expires_at
    return why.opened_at <= request.at and not is_over


def is_in_force(world: World, agreement: Agreement) -> bool:
    if not stands_alone(world, agreement):
        return False
    for other in world.agreements:
        if other.supersedes == agreement.id and other.id != agreement.id:
            theirs = {party.partner for party in agreement.parties}
            ours = {party.partner for party in other.parties}
            if theirs <= ours and has_taken_effect(world, other, theirs):
                return False
    return True


def has_taken_effect(world: World, later: Agreement, replaced: set[str]) -> bool:
    """Once signed by all and started, what it replaces never comes back."""
    texts: dict[str, set[str]] = {}
    for each in world.sign_offs.sign_offs(later.id):
        if each.signed_at.date() <= world.on:
            texts.setdefault(each.hash, set()).add(each.partner)
    parties = {party.partner for party in later.parties}
    return later.starts_on <= world.on and any(
        (parties if text == agreement_hash(later) else replaced) <= who
        for text, who in texts.items()
    )


def stands_alone(world: World, agreement: Agreement) -> bool:
    if not agreement.starts_on <= world.on <= agreement.ends_on or not agreement.parties:
        return False
    signatures = {
        each.partner
        for each in world.sign_offs.sign_offs(agreement.id)
        if each.hash == agreement_hash(agreement) and each.signed_at.date() <= world.on
    }
    parties = {party.partner for party in agreement.parties}
    stopped = {
        each.partner
        for each in world.sign_offs.suspensions(agreement.id)
        if each.suspended_at.date() <= world.on
        and (each.lifted_at is None or each.lifted_at.date() > world.on)
    }
    return parties <= signatures and not parties & stopped
