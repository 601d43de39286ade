"""A map of the railways of an island."""
