"""How a stage that builds and runs in one can be two: what the program needs at run time, and what only the build."""
