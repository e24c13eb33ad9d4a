"""Meetings on screen: series, agendas, packs, the room, minutes, invitations.

What is shown of a family comes through the gateway alone: a pack at its reader's level, the room
at the least of everybody's in it. Nothing here may be done but by the table of `teams.meeting`.
"""
