"""Images that shell text builds: plain calls of `docker build`, `docker buildx build`, `podman build`, `buildah build`.

Paths are told from the folder that the text starts in. What an unknown option, a variable or an unknown folder leaves
open is left out; nothing is run.
"""

import posixpath
from collections.abc import Generator, Iterator, Sequence

from dockopt.context.services import Recipe
from dockopt.shell.parser import parse
from dockopt.shell.tree import Compound, Refusal, Script, Simple, Word

MARKS = ("docker build", "docker image build", "buildx build", "podman build", "buildah b")
"""Texts without any of these build nothing that could be read here."""
CALLS = (
    ("docker", "build"),
    ("docker", "image", "build"),
    ("docker", "buildx", "build"),
    ("podman", "build"),
    ("buildah", "build"),
    ("buildah", "bud"),
)
WRAPPERS = frozenset({"sudo", "time", "command", "exec"})
WITH_VALUE = frozenset(
    (
        *("-f", "--file", "-t", "--tag", "--target", "--build-arg", "--platform", "--network", "--secret", "--ssh"),
        *("--cache-from", "--cache-to", "--label", "-o", "--output", "--progress", "--builder", "--iidfile", "-m"),
        *("--add-host", "--memory", "--build-context", "--annotation", "--attest", "--allow", "--cgroup-parent"),
        *("--isolation", "--metadata-file", "--no-cache-filter", "--shm-size", "--ulimit", "--security-opt"),
        *("--format", "-v", "--volume", "--arch", "--os", "--authfile", "--jobs", "--manifest", "--cpu-quota"),
    )
)
WITHOUT_VALUE = frozenset(
    (
        *("--push", "--load", "--pull", "--no-cache", "--rm", "--force-rm", "--quiet", "-q", "--compress", "--squash"),
        *("--layers", "--check", "--debug", "-D", "--pull-always", "--provenance", "--sbom"),
    )
)
ROOTS = ("GITHUB_WORKSPACE", "CI_PROJECT_DIR", "WORKSPACE")
"""Variables of CI systems that lead to the repository."""
HERE = ("PWD", "CURDIR")


def builds(text: str, folder: str = ".") -> Iterator[Recipe]:
    """What a script builds that starts in a folder of the repository; paths are relative to the repository."""
    if not any(mark in text for mark in MARKS):
        return
    script = parse(text)
    if not isinstance(script, Refusal):
        yield from _of_script(script, folder)


def recipe(words: Sequence[Word], folder: str | None) -> Recipe | None:
    """What one call builds, its words given behind `build`; None where that is not plain."""
    found: dict[str, list[Word | str]] = {}
    contexts: list[Word] = []
    waiting = ""
    for word in words:
        name, equals, _ = word.text.partition("=")
        if waiting:
            found.setdefault(waiting, []).append(word)
            waiting = ""
        elif not word.text.startswith("-") or word.text == "-":
            contexts.append(word)
        elif equals and name.startswith("--"):
            found.setdefault(name, []).append(_behind(word, len(name) + 1))
        elif word.text in WITH_VALUE:
            waiting = word.text
        elif word.text not in WITHOUT_VALUE:
            return None
    if len(contexts) != 1 or contexts[0].text == "-" or folder is None:
        return None
    context = _path(contexts[0], folder)
    files = [*found.get("-f", ()), *found.get("--file", ())]
    file = _path(files[-1], folder) if files else None
    if context is None or (files and file is None):
        return None
    targets = [_value(one) for one in found.get("--target", ())]
    return Recipe(
        next((_image(one) for one in (*found.get("-t", ()), *found.get("--tag", ()))), ""),
        context=context,
        dockerfile=posixpath.relpath(file, context) if file is not None else "Dockerfile",
        target=targets[-1] if targets else None,
        unknown=("target", "arguments") if targets and targets[-1] is None else ("arguments",),
    )


def _of_script(script: Script, folder: str | None) -> Generator[Recipe, None, str | None]:
    """Ends with the folder that the script leaves the shell in, None where that is not known."""
    for statement in script.statements:
        for pipeline in statement.pipelines:
            for command in pipeline.commands:
                if isinstance(command, Compound):
                    after = folder
                    for body in command.bodies:
                        after = yield from _of_script(body, folder)
                    if command.kind != "subshell" and after != folder:
                        folder = None
                    continue
                words = _called(command)
                if words and words[0].value in ("cd", "pushd", "popd"):
                    stays = len(words) == 2 and words[0].value != "popd" and folder is not None
                    folder = _path(words[1], folder or ".") if stays else None
                for call in CALLS:
                    if tuple(word.value for word in words[: len(call)]) == call:
                        found = recipe(words[len(call) :], folder)
                        if found is not None:
                            yield found
    return folder


def _called(command: Simple) -> tuple[Word, ...]:
    words = command.words
    while words and words[0].value in WRAPPERS:
        words = words[1:]
    return words


def _behind(word: Word, length: int) -> "Word | str":
    """The part of `--option=value` that is the value."""
    return word.value[length:] if word.value is not None else word.text[length:].strip("\"'")


def _value(word: Word | str) -> str | None:
    if isinstance(word, str):
        return None if "$" in word or "`" in word else word
    return word.value


def _path(word: Word | str, folder: str) -> str | None:
    """A path seen from the repository; variables of CI systems lead there, any other leaves it open."""
    text = word if isinstance(word, str) else word.text.strip("\"'")
    for name in (*ROOTS, *HERE):
        for written in (f"${name}", f"${{{name}}}", "$(pwd)" if name in HERE else f"${name}"):
            if text == written or text.startswith(f"{written}/"):
                rest = text.removeprefix(written).lstrip("/")
                base = folder if name in HERE else "."
                return None if "$" in rest or "`" in rest else posixpath.normpath(posixpath.join(base, rest))
    value = _value(word)
    if value is None or "://" in value or value.startswith(("git@", "/", "~")):
        return None
    return posixpath.normpath(posixpath.join(folder, value))


def _image(word: Word | str) -> str:
    """What an image is called, without registry and tag; "" where a variable is in that."""
    text = word if isinstance(word, str) else word.text.strip("\"'")
    name = text.rpartition("/")[2].partition(":")[0]
    return "" if any(character in name for character in "$`(){}") else name
