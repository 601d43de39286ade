"""Everything dockopt raises on purpose: one tree, so that the command line can turn any of it into a line."""


class DockoptError(Exception):
    """A problem the user can do something about; the message is one line and names the way out."""


class InputError(DockoptError):
    """A file cannot be read, or is not what was asked for."""

    def __init__(self, path: str, message: str, line: int | None = None) -> None:
        self.path = path
        self.line = line
        self.message = message
        super().__init__(f"{path}:{line}: {message}" if line else f"{path}: {message}")


class SettingsError(DockoptError):
    """An option or a setting that does not exist or cannot hold."""


class OverlapError(ValueError):
    """Two edits claim the same text: a bug of ours, which costs one file and no batch."""


class BuildError(DockoptError):
    """A container engine that is not there, does not answer, or fails at what it was asked."""
