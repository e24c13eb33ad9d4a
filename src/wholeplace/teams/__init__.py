"""Teams: referral, case, plan, meeting, action, each a state machine written as a table.

Nothing is built here yet.
"""
