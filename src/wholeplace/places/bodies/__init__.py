"""Responsible bodies: who commissions, funds, delivers, regulates and inspects, where and for whom.

Enters: reviewed duties (`england.yaml`), a place's own `bodies/*.yaml`, where somebody lives, their
age and a day. Leaves: the bodies of each part with legal basis and source date; gaps and double
cover. Promises: what was not checked is said to be so; a gap is told and never filled by guessing.
"""
