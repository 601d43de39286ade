"""Settings from `dockopt.toml` or `[tool.dockopt]` in `pyproject.toml`: the nearest file above a Dockerfile says.

A file stands alone unless it has `extends`; tables of `[folders]` change what holds below some folders. Options of the
command line come last. Nothing here can raise what a transform needs to be applied.
"""

import os
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from dockopt.config import PRESETS, Settings, purposes
from dockopt.errors import InputError
from dockopt.fixes import Level

NAMES = ("dockopt.toml", "pyproject.toml")
GIT = ".git"
STANDARD = "built in"
OPTION = "command line"
LEVELS = tuple(level.label for level in Level if level is not Level.ADVICE)


class Key(NamedTuple):
    """One setting: what it may hold (a JSON schema) and what it means."""

    schema: Mapping[str, Any]
    about: str
    folders: bool = True
    """Whether a folder may have its own."""


BUILT_IN = {
    "level": Settings().level.label,
    "context": "the Dockerfile's folder",
    "few-layers": False,
    "buildkit": False,
}
"""What holds where nothing is said."""
WORDS = {"type": "array", "items": {"type": "string"}}
KEYS: Mapping[str, Key] = {
    "level": Key({"enum": list(LEVELS)}, "How far fixes may go."),
    "levels": Key(
        {"type": "object", "additionalProperties": {"enum": [*LEVELS, "off"]}},
        "The level that single transforms may at most work at, by name; `off` for never. Only lower ones count.",
    ),
    "select": Key(WORDS, "Use these transforms only."),
    "ignore": Key(WORDS, "Leave these transforms out."),
    "few-layers": Key({"type": "boolean"}, "Merge RUN instructions also where that saves no bytes."),
    "buildkit": Key({"type": "boolean"}, "Use what only BuildKit can build, also where a file does not show it."),
    "context": Key({"type": "string"}, "The build context, relative to this file; not the Dockerfile's folder."),
    "preset": Key({"type": "array", "items": {"enum": sorted(PRESETS)}}, "What to optimise for; several add up."),
    "exclude": Key(
        WORDS, "Files and folders to leave alone, as in `.gitignore`, relative to this file.", folders=False
    ),
    "extends": Key({"type": "string"}, "Another file whose settings hold where this one says nothing.", folders=False),
    "folders": Key({"type": "object"}, "Tables of settings for folders below, by path.", folders=False),
}

REMEMBERED = 4096
"""Folders and files of which it is remembered what they say: neighbours come one after the other."""


class Setting(NamedTuple):
    """A value, and which file, table or option it comes from."""

    value: Any
    source: str


class Config(NamedTuple):
    """All that holds for the files of one folder: settings by key, and patterns of files to leave alone."""

    settings: Mapping[str, Setting]
    excluded: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Folders with the patterns that hold below them."""

    def get(self, key: str) -> Any:  # noqa: ANN401 - as the schema says
        return self.settings[key].value if key in self.settings else None


NOTHING_SAID = Config({})
_KNOWN: dict[str, Config] = {}
"""What holds in folders that were asked for."""


def config_for(folder: str) -> Config:
    """What configuration files say for a folder.

    Raises:
        InputError: a file cannot be read, or says what no setting is.
    """
    return config_at(
        _place(os.path.abspath(folder)) if os.pardir not in folder.split(os.sep) else os.path.realpath(folder)
    )


def config_at(place: str) -> Config:
    """The same for a whole path without links."""
    return _KNOWN[place] if place in _KNOWN else _remember(place, _nearest(place))


def config_in(place: str, names: Collection[str]) -> Config:
    """The same where the names in the folder are known, so that the disk need not be asked."""
    if any(name in names for name in (*NAMES, GIT)):
        return config_at(place)
    return _KNOWN[place] if place in _KNOWN else _remember(place, _nearest(os.path.dirname(place)))


def _remember(folder: str, path: str | None) -> Config:
    """What a file says for a folder; neighbours come one after the other, so that the last few thousand are enough."""
    if len(_KNOWN) >= REMEMBERED:
        _KNOWN.clear()
    config = _KNOWN[folder] = NOTHING_SAID if path is None else _of_file(path, folder)
    return config


def with_options(config: Config, options: Mapping[str, Any]) -> Config:
    """The configuration with what was given on the command line."""
    return config._replace(settings={**config.settings, **{key: Setting(v, OPTION) for key, v in options.items()}})


def settings_of(config: Config) -> Settings:
    """The engine's settings."""
    lowered = config.get("levels") or {}
    off = {name for name, level in lowered.items() if level == "off"}
    return Settings(
        level=Level[(config.get("level") or Settings().level.label).upper()],
        select=frozenset(config.get("select") or ()),
        ignore=frozenset(config.get("ignore") or ()) | off,
        few_layers=bool(config.get("few-layers")),
        buildkit=bool(config.get("buildkit")),
        purposes=config.get("preset") or frozenset(),
        at_most=tuple(sorted((name, Level[level.upper()]) for name, level in lowered.items() if level != "off")),
    )


@lru_cache(maxsize=REMEMBERED)
def _place(folder: str) -> str:
    """A whole path without its links: only its last part is new where the folder above is known."""
    above, name = os.path.split(folder)
    if not name:
        return os.path.realpath(folder)
    inside = os.path.join(_place(above), name)
    return os.path.realpath(inside) if os.path.islink(inside) else inside


@lru_cache(maxsize=REMEMBERED)
def _nearest(folder: str) -> str | None:
    """The file that is nearest above a folder; a `pyproject.toml` only counts with a table of ours."""
    for name in NAMES:
        path = os.path.join(folder, name)
        if os.path.isfile(path) and _table(path) is not None:
            return path
    above = os.path.dirname(folder)
    return None if above == folder or os.path.exists(os.path.join(folder, GIT)) else _nearest(above)


def _of_file(path: str, folder: str, seen: tuple[str, ...] = ()) -> Config:
    table = _table(path) or {}
    found: dict[str, Setting] = {}
    excluded: tuple[tuple[str, tuple[str, ...]], ...] = ()
    home = os.path.dirname(path)
    if "extends" in table:
        base = os.path.realpath(os.path.join(home, table["extends"]))
        if base in (*seen, path):
            raise _wrong(path, f"extends {table['extends']}, which leads back here")
        if not os.path.isfile(base):
            raise _wrong(path, f"extends {table['extends']}, which is no file")
        found, excluded = dict(_of_file(base, folder, (*seen, path)).settings), _of_file(base, folder, seen).excluded
    found |= _settings(table, path, path)
    for name, inner in (table.get("folders") or {}).items():
        place = os.path.normpath(os.path.join(home, name))
        if folder == place or folder.startswith(place + os.sep):
            found |= _settings(inner, path, f"{path}, folder {name}")
    if table.get("exclude"):
        excluded = (*excluded, (home, tuple(table["exclude"])))
    return Config(found, excluded)


def _settings(table: Mapping[str, Any], path: str, source: str) -> dict[str, Setting]:
    found = {}
    for key, value in table.items():
        if not KEYS[key].folders:
            continue
        if key == "context":
            value = os.path.normpath(os.path.join(os.path.dirname(path), value))  # noqa: PLW2901
        elif key == "preset":
            value = purposes(value)  # noqa: PLW2901
        elif key in ("select", "ignore"):
            value = [name for one in value for name in _names(one, path)]  # noqa: PLW2901
        elif key == "levels":
            value = {name: level for one, level in value.items() for name in _names(one, path)}  # noqa: PLW2901
        found[key] = Setting(value, source)
    return found


def _names(name: str, path: str) -> tuple[str]:
    from dockopt.engine.registry import find  # noqa: PLC0415 - loads all transforms
    from dockopt.errors import SettingsError  # noqa: PLC0415

    try:
        return (find(name).name,)
    except SettingsError as error:
        raise _wrong(path, str(error)) from error


@lru_cache(maxsize=REMEMBERED)
def _table(path: str) -> Mapping[str, Any] | None:
    """Our table of a file, checked; None where it has none."""
    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError as error:
        raise _wrong(path, f"cannot be read: {(error.strerror or str(error)).lower()}") from error
    ours = not path.endswith("pyproject.toml")
    if not ours and b"dockopt" not in data:
        return None
    import tomllib  # noqa: PLC0415 - only where there is a file

    try:
        whole = tomllib.loads(data.decode("utf-8"))
    except ValueError as error:
        raise _wrong(path, f"is no TOML: {error}") from error
    table = whole if ours else whole.get("tool", {}).get("dockopt")
    if table is not None:
        _check(table, KEYS, path, "")
    return table


def _check(table: Any, keys: Mapping[str, Key], path: str, place: str) -> None:  # noqa: ANN401 - what TOML gives
    if not isinstance(table, dict):
        raise _wrong(path, f"{place or 'tool.dockopt'} must be a table")
    for name, value in table.items():
        if name not in keys:
            raise _wrong(path, f"there is no setting {place + name!r}; {_hint(name, keys)}")
        _check_value(value, keys[name].schema, path, place + name)
    if "folders" in table:
        inner = {name: key for name, key in KEYS.items() if key.folders}
        for name, one in table["folders"].items():
            _check(one, inner, path, f"folders.{name}.")


def _check_value(value: Any, schema: Mapping[str, Any], path: str, name: str) -> None:  # noqa: ANN401
    if "enum" in schema:
        if value not in schema["enum"]:
            raise _wrong(path, f"{name} must be one of {', '.join(schema['enum'])}, not {value!r}")
        return
    wanted: type[Any] = {"array": list, "object": dict, "string": str, "boolean": bool}[schema["type"]]
    if not isinstance(value, wanted):
        raise _wrong(path, f"{name} must be {ARTICLES[schema['type']]}, not {value!r}")
    if "items" in schema:
        for one in value:
            _check_value(one, schema["items"], path, name)
    if "additionalProperties" in schema:
        for key, one in value.items():
            _check_value(one, schema["additionalProperties"], path, f"{name}.{key}")


ARTICLES = {"array": "a list", "object": "a table", "string": "a text", "boolean": "true or false"}


def _hint(name: str, keys: Iterable[str]) -> str:
    from difflib import get_close_matches  # noqa: PLC0415 - only for the message

    close = get_close_matches(name.replace("_", "-").lower(), keys, 1)
    return f"did you mean {close[0]}?" if close else f"there are {', '.join(keys)}"


def _wrong(path: str, message: str) -> InputError:
    """An error that names the file as it is found from here."""
    here = os.path.realpath(os.curdir).rstrip(os.sep) + os.sep
    return InputError(path.removeprefix(here), message)


def schema() -> dict[str, Any]:
    """The JSON schema of a configuration file."""

    def of(keys: Mapping[str, Key]) -> dict[str, Any]:
        return {name: {**key.schema, "description": key.about} for name, key in keys.items()}

    inner = of({name: key for name, key in KEYS.items() if key.folders})
    whole = of(KEYS)
    whole["folders"]["additionalProperties"] = {
        "type": "object",
        "additionalProperties": False,
        "properties": inner,
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "dockopt.toml, and [tool.dockopt] in pyproject.toml",
        "type": "object",
        "additionalProperties": False,
        "properties": whole,
    }


def forget() -> None:
    """Read all files anew from now on."""
    _KNOWN.clear()
    for function in (_nearest, _place, _table):
        function.cache_clear()
