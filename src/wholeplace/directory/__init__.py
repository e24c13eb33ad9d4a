"""Directory: what help exists, whether it can take someone now, in Open Referral UK terms.

Nothing is built here yet.
"""
