"""dockopt rewrites Dockerfiles: it reads one and gives back a better one, with the reasons and what it saves."""

__version__ = "0.1.0"
