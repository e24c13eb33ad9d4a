"""Law: what is added to the vocabulary later changes nothing that was signed before."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from wholeplace.agreements import (
    Agreement,
    FieldTerm,
    Request,
    agreement_text,
    compile_rules,
    decide,
    kept_fields,
)
from wholeplace.agreements.texts.terms import Terms
from wholeplace.partnership.vocabulary import load_vocabulary

from .worlds import (
    FIELDS,
    GROUPS,
    PARTNERS,
    TERMS,
    World,
    agreement,
    clause,
    requests,
    rules_of,
    worlds,
)
from .worlds import signed as sign


def with_new_field(group: str, name: str = "added") -> Terms:
    term = FieldTerm(f"{group}.{name}", "Added later", "event", since=2)
    return replace(TERMS, fields={**TERMS.fields, term.id: term})


@given(worlds(), requests(), st.sampled_from(GROUPS))
def test_adding_a_field_changes_no_decision(world: World, asked: Request, group: str) -> None:
    before = world.rules()
    after = compile_rules(world.agreements, world.sign_offs, world.on, with_new_field(group))
    assert after.hash == before.hash
    for source in PARTNERS:
        for field in FIELDS:
            assert decide(after, asked, source, field) == decide(before, asked, source, field)
        assert kept_fields(after, source) == kept_fields(before, source)
        # Nobody but the owner sees the new field.
        if asked.viewer.organisation != source:
            assert decide(after, asked, source, f"{group}.added").clauses == ()


@given(st.sampled_from(GROUPS))
def test_adding_a_field_changes_no_text_that_is_signed(group: str) -> None:
    made = agreement("family", clause(fields=GROUPS))
    assert agreement_text(made, with_new_field(group)) == agreement_text(made, TERMS)


def test_a_text_of_the_new_version_means_the_new_field_and_is_another_text() -> None:
    terms, old = with_new_field("crime"), agreement("family", clause(fields=("crime",)))
    new = old.model_copy(update={"vocabulary": 2})
    assert rules_of(old).agreements["family"] != new
    rules = compile_rules([new], sign(new), rules_of(old).on, terms)
    (bound,) = rules.clauses.values()
    assert "crime.added" in bound.fields
    assert rules.hash != rules_of(old).hash
    assert "added later" in agreement_text(new, terms)


def test_an_agreement_says_which_version_it_is_written_in() -> None:
    assert Agreement.model_fields["vocabulary"].is_required()


def test_the_vocabulary_is_of_the_version_of_its_newest_field() -> None:
    words = load_vocabulary()
    since = [each.since for each in (*words.record.values(), *words.events.values())]
    assert words.version == max(since)
