"""The build context as one value: what COPY can see, and what manifests in it say. Nothing in it is ever executed."""
