"""Agreements, on screen: their life from draft to end, and who may see what.

Enters: the place's agreements and drafts, what people write and comment, signatures, suspensions
and notices. Leaves: drafts as files, fixed texts, pages about rules and never about people, and
counts of residents through disclosure control alone. Promises: the text shown is generated from
the object that decides; nobody saves over what they have not seen; nobody signs but this very
text, after proving again who they are; a draft decides nothing.

    drafts, reviewing, standing             what is done: to a draft, in review, to a fixed text
    starting_views, drafting_views, review_views, signing_views, views    the pages
    asking                                  who asks, and for which draft
    editing, forms, tables, telling         between texts and what is typed or shown
    waiting, history, affected              what waits for whom; the trail's lines; residents

Law: UK GDPR Articles 5(1)(a), 13 and 14 (transparency) and 26(2).
"""

__all__: list[str] = []
