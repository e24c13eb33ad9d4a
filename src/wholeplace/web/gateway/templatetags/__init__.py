"""Tags that every page may use for what the place says."""
