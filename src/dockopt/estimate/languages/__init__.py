"""What package managers of languages leave in a layer: which packages they install, and what each weighs."""
