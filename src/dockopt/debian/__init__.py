"""Debian's packages without Debian: versions, relations, package indexes, and what apt-get would do with them."""
