"""The environment, user, working folder and shell in force before an instruction. Unknown values are None."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType

from dockopt.lazy import cached_property
from dockopt.syntax.tree import Instruction
from dockopt.syntax.words import expand, parse_name_values

POSIX_SHELLS = frozenset({"sh", "bash", "dash", "ash", "ksh", "zsh"})
LONGEST = 65536
"""Values that grow past this are taken for unknown: `ENV A=$A$A` doubles at every line."""
EMPTY: Mapping[str, str | None] = MappingProxyType({})


@dataclass(frozen=True)
class State:
    """`environment` and `arguments` hold what this file sets; None marks a name whose value is not known.

    `user`, `folder` and `shell` are None while the base image decides. `escape` is the file's escape character.
    """

    environment: Mapping[str, str | None] = field(default_factory=lambda: EMPTY)
    arguments: Mapping[str, str | None] = field(default_factory=lambda: EMPTY)
    user: str | None = None
    folder: str | None = None
    shell: tuple[str, ...] | None = None
    volumes: tuple[str, ...] = ()
    escape: str = "\\"

    @property
    def posix(self) -> bool:
        """Whether shell-form bodies are read by a POSIX shell (the default shell is taken to be /bin/sh)."""
        if self.shell is None:
            return True
        name = self.shell[0].rpartition("/")[2] if self.shell else ""
        return name in POSIX_SHELLS and any(_is_option(word) and word.endswith("c") for word in self.shell[1:])

    @property
    def errexit(self) -> bool:
        """Whether SHELL itself makes the shell end at the first command that fails."""
        return self.shell is not None and any(_is_option(word) and "e" in word for word in self.shell[1:])

    @property
    def bash(self) -> bool:
        """Whether shell-form bodies are certain to be read by bash."""
        return self.shell is not None and self.shell[0].rpartition("/")[2] == "bash"

    def value(self, name: str) -> str | None:
        """What `$name` expands to; None where it is unset here or not known."""
        return self.environment[name] if name in self.environment else self.arguments.get(name)

    def expand(self, word: str) -> str | None:
        """The word after BuildKit's expansion, or None where a name in it is unset here or not known."""
        if "$" not in word and self.escape not in word and '"' not in word and "'" not in word:
            return word
        values = self._values
        result = expand(word, values, self.escape)
        if result.error or len(result.value) > LONGEST or any(name not in values for name in result.names):
            return None
        return result.value

    @cached_property
    def _values(self) -> Mapping[str, str]:
        """What is known by name."""
        known = {**self.arguments, **self.environment}
        return {name: value for name, value in known.items() if value is not None}

    def after(self, node: Instruction, globals_: Mapping[str, str | None]) -> "State":
        """The state that the next instruction of the stage runs in."""
        change = _CHANGES.get(node.keyword)
        return change(self, node, globals_) if change else self

    def with_(self, **changes: object) -> "State":
        other = object.__new__(State)
        other.__dict__.update({name: self.__dict__[name] for name in _FIELDS}, **changes)
        return other


_FIELDS = ("environment", "arguments", "user", "folder", "shell", "volumes", "escape")


def _is_option(word: str) -> bool:
    return word == "errexit" or (word.startswith("-") and not word.startswith("--"))


def _env(state: State, node: Instruction, _: Mapping[str, str | None]) -> State:
    pairs = {pair.name: state.expand(pair.value or "") for pair in parse_name_values(node.argument_text, state.escape)}
    return state.with_(environment={**state.environment, **pairs})


def _arg(state: State, node: Instruction, globals_: Mapping[str, str | None]) -> State:
    pairs = {
        pair.name: state.expand(pair.value) if pair.value is not None else globals_.get(pair.name)
        for pair in parse_name_values(node.argument_text, state.escape, arguments=True)
    }
    return state.with_(arguments={**state.arguments, **pairs})


def _user(state: State, node: Instruction, _: Mapping[str, str | None]) -> State:
    return state.with_(user=state.expand(node.argument_text) or "?")


def _folder(state: State, node: Instruction, _: Mapping[str, str | None]) -> State:
    return state.with_(folder=joined(state.folder, state.expand(node.argument_text)))


def _shell(state: State, node: Instruction, _: Mapping[str, str | None]) -> State:
    return state.with_(shell=node.exec_form or ("?",))


def _volume(state: State, node: Instruction, _: Mapping[str, str | None]) -> State:
    return state.with_(volumes=(*state.volumes, *(node.exec_form or node.argument_text.split())))


_CHANGES = {"ENV": _env, "ARG": _arg, "USER": _user, "WORKDIR": _folder, "SHELL": _shell, "VOLUME": _volume}


@lru_cache(maxsize=4096)
def joined(folder: str | None, path: str | None) -> str | None:
    """An absolute POSIX path from a folder and a path that may be relative to it; None where either is not known."""
    if path is None:
        return None
    if not path.startswith("/"):
        if folder is None or "\\" in path or path[1:2] == ":":
            return None
        path = f"{folder}/{path}"
    parts: list[str] = []
    for part in path.split("/"):
        if part == "..":
            parts[-1:] = []
        elif part not in ("", "."):
            parts.append(part)
    return "/" + "/".join(parts)
