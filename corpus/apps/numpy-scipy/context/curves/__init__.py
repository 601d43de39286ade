"""Curves through measured points."""
