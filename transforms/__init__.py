"""One transform a module. Only the registry imports them, by scanning this folder."""
