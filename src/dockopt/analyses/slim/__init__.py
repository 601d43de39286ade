"""Whether a stage can start from the slim or runtime variant of its image, where nothing has to be split for that."""
