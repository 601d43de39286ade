"""Orders: taken by the api, packed by the worker."""
