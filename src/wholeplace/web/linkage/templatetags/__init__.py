"""Template tags of the review of matches."""
