"""Many Dockerfiles at once: finding, reading, working through and writing them. No option, no wording on a screen."""
