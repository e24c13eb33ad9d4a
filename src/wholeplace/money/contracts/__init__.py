"""Contracts: commissioning for outcomes, with joint working written in and nothing left to typing.

    terms        what a contract says, whole, and what keeps it from being frozen
    joint        joint working as requirements that a specification must hold
    life         draft, checked, frozen, running, ended
    payments     milestone and outcome payments, computed; shares to the penny
    open_formats OCDS and 360Giving

Promises: cohort, metric and counterfactual are fixed and hashed before the first day; providers'
shares make 100 per cent; what is paid follows from what was measured. Sources: Open Contracting
Data Standard 1.1.5; 360Giving Data Standard; GO Lab on outcome pricing.
"""

__all__: list[str] = []
