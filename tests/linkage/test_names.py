"""Familiar forms of given names."""

from wholeplace.linkage.names import given_forms, is_like_given_name, read_nicknames


def test_familiar_forms_share_a_root_and_a_form():
    table = {row["name"]: row for row in given_forms().to_pylist()}
    assert table["bob"]["root"] == table["robert"]["root"] == table["bert"]["root"]
    assert set(table["sam"]["forms"]) >= {"samuel", "samantha"}
    assert set(table["samuel"]["forms"]).isdisjoint(table["samantha"]["forms"])


def test_the_list_is_clean():
    for name, forms in read_nicknames().items():
        assert name.isalpha()
        assert name == name.lower()
        assert name.isascii()
        assert forms


def test_likeness_is_mutual():
    cases = [("bob", "robert", True), ("kate", "katie", True), ("mia", "jayden", False), ("jo", "joanne", True),
             ("steven", "stephen", True), ("tom", "tim", True), ("ann", "dan", False), ("alan", "brian", False)]  # fmt: skip
    for one, other, expected in cases:
        assert is_like_given_name(one, other) is expected
        assert is_like_given_name(other, one) is expected
