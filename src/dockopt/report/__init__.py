"""Results as text, JSON and diffs: one renderer each, which decide nothing and change nothing."""
