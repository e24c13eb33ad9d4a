"""Outcomes: measures, progress and claims against the frameworks that `partnership` defines.

Nothing is built here yet.
"""
