"""What a Dockerfile means: stages, instructions with typed views, and the state each instruction runs in."""
