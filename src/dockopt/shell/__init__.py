"""POSIX and bash shell bodies of RUN: parsed into commands and words with offsets. Refuses what it cannot read."""
