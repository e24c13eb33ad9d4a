"""What is shared about one person is what `decide` gives, for everybody it names and nobody else."""

from hypothesis import given
from hypothesis import strategies as st
from tests.agreements.worlds import (
    FIELDS,
    NOON,
    PARTNERS,
    PURPOSES,
    ROLES,
    World,
    people,
    reason,
    worlds,
)

from wholeplace.agreements import Level, Request, Subject, Viewer, decide
from wholeplace.agreements.deciding.rules import OWN_DATA
from wholeplace.agreements.deciding.sharing import sharing_about


@given(worlds(), people, st.data())
def test_the_rows_say_what_decide_gives(
    world: World, subject: Subject, data: st.DataObject
) -> None:
    rules = world.rules()
    rows = sharing_about(rules, subject, NOON)
    source, recipient = data.draw(st.permutations(PARTNERS))[:2]
    role, purpose = data.draw(st.sampled_from(ROLES)), data.draw(st.sampled_from(PURPOSES))
    field = data.draw(st.sampled_from(FIELDS))
    viewer = Viewer("somebody", recipient, role)
    why = reason(subject.person_id, opened_by="somebody", purpose=purpose)
    decision = decide(rules, Request(viewer, purpose, why, NOON, subject), source, field)
    told = [
        row.level
        for row in rows
        if (row.source, row.recipient, row.purpose) == (source, recipient, purpose)
        and role in row.roles
        and field in row.fields
    ]
    assert max(told, default=Level.NOTHING) == decision.level
    assert OWN_DATA not in {row.clause for row in rows}


@given(worlds(), people)
def test_no_row_says_more_than_its_clause(world: World, subject: Subject) -> None:
    rules = world.rules()
    for row in sharing_about(rules, subject, NOON):
        bound = rules.clauses[row.clause]
        assert bound.is_in_force
        assert row.level <= bound.level == row.most
        assert row.source != row.recipient
        assert set(row.fields) <= set(bound.fields)
