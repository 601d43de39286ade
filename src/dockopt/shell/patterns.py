"""Regular expressions that are compiled when first used, since most bodies need few of them."""

import re
from collections.abc import Callable
from typing import Any


class Pattern:
    """A regular expression; its methods are those of the compiled one, set at the first use."""

    match: Callable[..., re.Match[str] | None]
    search: Callable[..., re.Match[str] | None]
    fullmatch: Callable[..., re.Match[str] | None]
    sub: Callable[..., str]

    def __init__(self, source: str, flags: int = 0) -> None:
        self.source = source
        self.flags = flags

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - one of the methods above
        if name not in Pattern.__annotations__:
            raise AttributeError(name)
        compiled = re.compile(self.source, self.flags)
        self.match, self.search = compiled.match, compiled.search
        self.fullmatch, self.sub = compiled.fullmatch, compiled.sub
        return getattr(compiled, name)
