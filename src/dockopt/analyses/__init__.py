"""Facts computed from a snapshot, read-only: installs, cleanups, what orders what."""
