"""Laws of grouping: vetoes always hold, order never matters, everyone is in one group."""

from hypothesis import given, settings
from hypothesis import strategies as st

from wholeplace.linkage.clustering import group_records
from wholeplace.linkage.model import Pooling

POOLING = Pooling(
    link_probability=0.8, pooled_probability=0.5, most_bits=6, unseen_bits=-2, best_share=0.2
)


@st.composite
def graphs(draw):
    count = draw(st.integers(2, 9))
    pairs = [(left, right) for left in range(count) for right in range(left + 1, count)]
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True))
    edges = [(left, right, draw(st.integers(-80, 200)) / 10) for left, right in chosen]
    forbidden = draw(st.sets(st.sampled_from(pairs), max_size=6))
    return count, edges, forbidden


def forbid(pairs):
    def veto(some, others):
        crossing = {(min(a, b), max(a, b)) for a in some for b in others}
        return "forbidden" if crossing & pairs else None

    return veto


@given(graphs())
def test_no_forbidden_pair_is_ever_in_one_group(graph):
    _, edges, forbidden = graph
    found = group_records(edges, POOLING, forbid(forbidden))
    for members in found.members.values():
        held = {(left, right) for left in members for right in members if left < right}
        assert not held & forbidden


@given(graphs(), st.randoms(use_true_random=False))
def test_order_of_pairs_does_not_matter(graph, chance):
    _, edges, forbidden = graph
    shuffled = [
        (right, left, bits) if chance.random() < 0.5 else (left, right, bits)
        for left, right, bits in edges
    ]
    chance.shuffle(shuffled)
    straight = group_records(edges, POOLING, forbid(forbidden))
    other = group_records(shuffled, POOLING, forbid(forbidden))
    assert straight.members == other.members
    assert straight.refused == other.refused


@given(graphs())
def test_nobody_is_in_two_groups_and_each_group_is_held_by_links(graph):
    _, edges, forbidden = graph
    members = list(group_records(edges, POOLING, forbid(forbidden)).members.values())
    flat = [record for group in members for record in group]
    assert len(flat) == len(set(flat))
    strong = [(left, right) for left, right, bits in edges if bits >= POOLING.link_bits]
    for group in members:
        reached, waiting = set(), [group[0]]
        while waiting:
            here = waiting.pop()
            reached.add(here)
            waiting += [
                a + b - here
                for a, b in strong
                if here in (a, b) and a + b - here in set(group) - reached
            ]
        assert reached == set(group)


@given(graphs(), st.integers(10, 12))
@settings(max_examples=50)
def test_a_part_that_nothing_touches_does_not_change(graph, start):
    _, edges, forbidden = graph
    alone = group_records(edges, POOLING, forbid(forbidden)).members
    more = [*edges, (start, start + 1, 9.0)]
    both = group_records(more, POOLING, forbid(forbidden)).members
    assert {name: group for name, group in both.items() if name < 10} == alone


def test_one_chance_likeness_does_not_chain_two_people():
    inside = [(0, 1, 9.0), (0, 2, 9.0), (1, 2, 9.0), (3, 4, 9.0), (3, 5, 9.0), (4, 5, 9.0)]
    across = [
        (left, right, -8.0) for left in range(3) for right in range(3, 6) if (left, right) != (2, 3)
    ]
    found = group_records([*inside, *across, (2, 3, 8.0)], POOLING, forbid(set()))
    assert found.members == {0: [0, 1, 2], 3: [3, 4, 5]}


def test_a_refused_join_names_its_best_pair():
    found = group_records([(0, 1, 9.0), (1, 2, 7.0)], POOLING, forbid({(0, 2)}))
    assert found.members == {0: [0, 1]}
    (refusal,) = found.refused
    assert (refusal.left, refusal.right, refusal.reason) == (1, 2, "forbidden")
