"""Text as bytes came in: decoding without loss, offsets, edits, diffs. Nothing here knows what a Dockerfile is."""
