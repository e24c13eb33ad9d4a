"""Teams: one plan for one family, from a referral to an outcome that lasts.

Enters: what people decide about a household, one step at a time, and who they are to it. Leaves:
which step may be taken next and by whom; what a plan still lacks; whose day holds what. Every
life is one table (`foundation.lifecycle`): it gives the code, the buttons, the diagram and the
tests.

    referral    one partner asks another to help somebody, and learns what became of it
    case        the work with one household, with a lead practitioner and a team
    notes       what is written down in a case, and who may read it
    assessment  how a family is, headline by headline of a framework
    plan        needs, goals in the family's words, outcomes, actions
    action      one thing that one person of one organisation does by one day
    meeting     people round one table, and what they decide
    day         what waits for somebody today
    records     what this room asks of whoever keeps all that

Promises: nothing moves but by the table; no case works without somebody who leads it; no case is
closed by one person alone, with an action open or a goal without its outcome; every action names a
need and an outcome; what is late is told, and nothing closes by itself. Standards: the GOV.UK
Vulnerabilities Data Standard (alpha) for need, assessment, referral, plan, action and outcome.
Law: Children Act 2004 section 10; UK GDPR Articles 5(1)(c) and 25.
"""

from wholeplace.teams.action import ACTION_LIFE
from wholeplace.teams.case import CASE_LIFE
from wholeplace.teams.meeting import MEETING_LIFE
from wholeplace.teams.referral import REFERRAL_LIFE

__all__ = ["ACTION_LIFE", "CASE_LIFE", "LIVES", "MEETING_LIFE", "REFERRAL_LIFE"]

LIVES = (REFERRAL_LIFE, CASE_LIFE, ACTION_LIFE, MEETING_LIFE)
"""Every life of this room, for the diagrams and for tests of each state, event and actor."""
