"""Culture on screen: the map of words between professions, and the partnership pulse.

    models      rounds, counters, marks of who has answered, actions agreed after a round
    rounds      opening, answering, closing, and what became of a round
    results     rounds over time, through disclosure control
    views       the pages

Promises: an answer is added to a counter and kept nowhere else; whoever answered is known only by a
mark whose key is destroyed when the round closes; results come once, after that.
"""
