"""Verbs from nodes to edits: append a command, add an option, join two RUNs, move an instruction.

Each copies the neighbours' style; none decides whether the change is right.
"""
