"""What `go build` writes where a RUN calls it, and whether it is told not to link the C library."""

from dockopt.analyses.split.needs import image_files
from dockopt.analyses.split.plan import NotSplit
from dockopt.context.manifests import go_mod
from dockopt.model.commands import Call
from dockopt.model.dockerfile import Dockerfile
from dockopt.model.instructions import Run
from dockopt.model.stages import Stage
from dockopt.model.state import joined


def is_go(call: Call, *subcommands: str) -> bool:
    return call.is_("go") and bool(call.values) and (not subcommands or call.values[0] in subcommands)


def built_path(file: Dockerfile, stage: Stage, call: Call, folder: str, run: Run) -> str:
    """Where one `go build`, called in a folder of the image, writes its program.

    Raises:
        NotSplit: that cannot be told.
    """
    values = call.values
    if None in values:
        named = [word.text for word in call.arguments if word.value is None]
        if "-o" not in values or any(word.startswith(("/", ".")) for word in named):
            raise NotSplit("what go build writes depends on a variable", run)
    for option, value in zip(values, (*values[1:], None), strict=True):
        if option == "-o":
            return _path(value, folder, run)
        if option and option.startswith("-o="):
            return _path(option[3:], folder, run)
    last = values[-1] if len(values) > 1 else "."
    if last and not last.startswith("-") and last not in (".", "./...", "./") and last.endswith(".go") is False:
        return _path(last.rstrip("/").rpartition("/")[2], folder, run)
    if last in (".", "./", "build") or (last or "-").startswith("-"):
        inside = module_folder(file, stage, folder, run)
        assert file.context
        name = go_mod.read(file.context, inside).module.rpartition("/")[2]
        if name and not name.startswith("v"):
            return _path(name, folder, run)
    raise NotSplit("where go build writes the program is not known", run)


def _path(value: str | None, folder: str, run: Run) -> str:
    path = joined(folder or None, value)
    if value is None or path is None or value.endswith("/"):
        raise NotSplit("where go build writes the program is not known", run)
    return path


def module_folder(file: Dockerfile, stage: Stage, folder: str | None, run: Run) -> str:
    """The folder of the context whose module `go build` works on in a folder of the image.

    Raises:
        NotSplit: there is none.
    """
    path = image_files(file, stage).get(f"{(folder or '').rstrip('/')}/go.mod") if file.context else None
    if path is None:
        raise NotSplit("go.mod is not in the build context where go build runs", run)
    return path.rpartition("/")[0]


def without_c(run: Run) -> bool:
    """Whether every `go build` of a RUN is told not to link the C library."""
    builds = [call for call in run.calls if is_go(call, "build")]
    if run.state.value("CGO_ENABLED") == "0" and "CGO_ENABLED=" not in run.shell_text:
        return True
    return all(_sets_no_c(call) for call in builds)


def _sets_no_c(call: Call) -> bool:
    return any(one.name == "CGO_ENABLED" and one.value and one.value.value == "0" for one in call.assignments)
