"""Converting figures between boundaries: crosswalks, counts and rates with error, misalignment.

Promises: totals are kept exactly; each figure says how it came to be (counted, best fit,
estimated) and how far it may be out; a rate is never averaged.
"""
