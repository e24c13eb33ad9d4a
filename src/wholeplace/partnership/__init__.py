"""Partnership."""
