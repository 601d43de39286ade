"""Real builds: engines driven through their command lines, images read back, and what differs between two of them."""
