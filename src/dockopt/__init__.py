"""dockopt rewrites Dockerfiles: it reads one and gives back a better one, with the reasons and what it saves.

`optimize`, `check`, `image_size` and `image_figures` take a Dockerfile's text or bytes; see `dockopt.library`. They are
loaded on first use, so that `import dockopt` costs nothing.
"""

__version__ = "0.1.0"

__all__ = [
    "DockoptError",
    "ImageSize",
    "InputError",
    "Level",
    "Result",
    "SettingsError",
    "Status",
    "check",
    "image_figures",
    "image_size",
    "optimize",
]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dockopt.errors import DockoptError, InputError, SettingsError
    from dockopt.library import ImageSize, Level, Result, Status, check, image_figures, image_size, optimize
else:

    def __getattr__(name: str) -> object:
        if name not in __all__:
            raise AttributeError(f"module 'dockopt' has no attribute {name!r}")
        from importlib import import_module  # noqa: PLC0415 - only for those who use the library

        return getattr(import_module("dockopt.errors" if name.endswith("Error") else "dockopt.library"), name)
