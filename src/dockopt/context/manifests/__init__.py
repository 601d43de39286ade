"""Readers of dependency manifests: what they say, and as problems what they do not say plainly. Nothing is resolved."""
