"""Template tags of the pages of money."""
