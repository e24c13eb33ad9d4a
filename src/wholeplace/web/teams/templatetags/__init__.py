"""Filters for the pages on teams."""
