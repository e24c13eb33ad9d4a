"""Larkbridge."""
