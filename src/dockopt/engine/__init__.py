"""Runs transforms until nothing is left to do: chooses fixes, guards what must hold, records every fix's fate."""
