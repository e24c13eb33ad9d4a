"""Words of the pages on hubs."""
