"""Dockerfile syntax without meaning: lines, continuations, heredocs, directives, words.

Follows BuildKit's parser; nodes tile the file, so that a tree renders back to the same bytes.
"""
