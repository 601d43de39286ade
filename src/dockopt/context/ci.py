"""What CI files build: GitHub workflows, GitLab's and Google's files, Jenkinsfiles, and the recipes of makefiles.

All paths are relative to the repository, but a makefile's to its folder. Only what is plain is read: see
`build_commands`. A checkout into another folder, or of another repository, leaves its whole job out.
"""

import itertools
import posixpath
import re
from collections.abc import Iterator, Mapping

from dockopt.context.build_commands import MARKS, ROOTS, builds
from dockopt.context.services import Recipe
from dockopt.context.yaml_text import documents, items, mapping, text

ACTION = "docker/build-push-action@"
DEFAULT_CONTEXT = "{{defaultContext}}"
COMBINATIONS_AT_MOST = 200
UNKNOWN = "$UNKNOWN_HERE"
EXPRESSION = re.compile(r"\$\{\{\s*([^}]*?)\s*\}\}")
STEP_OF_JENKINS = re.compile(r"""\bsh\s*\(?\s*(?:script:\s*)?("{3}|'{3}|"|')(.*?)(?<!\\)\1""", re.DOTALL)
IMAGE_OF_JENKINS = re.compile(r"""\bdocker\.build\s*\(?\s*(["'])([^"'\n]*)\1\s*(?:,\s*(["'])([^"'\n]*)\3\s*)?\)""")
ASSIGNMENT = re.compile(r"^([A-Za-z_]\w*)\s*[:?]?=\s*([^\n#$]*)$", re.MULTILINE)
OF_MAKE = re.compile(r"\$[({](\w+)[)}]")
Scope = Mapping[str, str]


def of_workflow(content: str) -> Iterator[Recipe]:
    """What the jobs of a GitHub workflow build, each for all that its matrix makes of it."""
    if ACTION not in content and not any(mark in content for mark in MARKS):
        return
    for document in documents(content):
        workflow = mapping(document)
        for job in map(mapping, mapping(workflow.get("jobs")).values()):
            steps = [mapping(step) for step in items(job.get("steps"))]
            if any(_leads_elsewhere(step) for step in steps):
                continue
            places = [_working_directory(one) for one in (workflow, job)]
            variables = {**_variables(workflow), **_variables(job)}
            for values in _combinations(mapping(mapping(job.get("strategy")).get("matrix"))):
                scope = {**variables, **values, "github.workspace": f"${ROOTS[0]}"}
                for step in steps:
                    yield from _of_step(step, places[1] or places[0] or ".", scope)


def _leads_elsewhere(step: Mapping[str, object]) -> bool:
    settings = mapping(step.get("with"))
    return (text(step.get("uses")) or "").startswith("actions/checkout@") and not {"path", "repository"}.isdisjoint(
        settings
    )


def _working_directory(part: Mapping[str, object]) -> str:
    return text(mapping(mapping(part.get("defaults")).get("run")).get("working-directory")) or ""


def _variables(part: Mapping[str, object]) -> dict[str, str]:
    return {f"env.{name}": value for name, one in mapping(part.get("env")).items() if (value := text(one)) is not None}


def _combinations(matrix: Mapping[str, object]) -> Iterator[dict[str, str]]:
    """The values of a matrix, as expressions name them; what is included joins what it agrees with, or stands alone."""
    axes = {name: items(value) for name, value in matrix.items() if name not in ("include", "exclude")}
    found: list[dict[str, object]] = [
        dict(zip(axes, values, strict=True))
        for values in itertools.islice(itertools.product(*axes.values()), COMBINATIONS_AT_MOST)
    ]
    found = [one for one in found if not any(_agree(one, mapping(out)) for out in items(matrix.get("exclude")))]
    for more in map(mapping, items(matrix.get("include"))):
        alike = [one for one in found if axes and all(one.get(name) == more[name] for name in more if name in axes)]
        for one in alike:
            one.update(more)
        if not alike:
            found = [*(one for one in found if one), more]
    for one in found:
        yield dict(_flat("matrix", one))


def _agree(one: Mapping[str, object], out: Mapping[str, object]) -> bool:
    return all(one.get(name) == value for name, value in out.items())


def _flat(name: str, value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield name, value
    for key, one in mapping(value).items():
        yield from _flat(f"{name}.{key}", one)


def _of_step(step: Mapping[str, object], folder: str, scope: Scope) -> Iterator[Recipe]:
    settings = mapping(step.get("with"))
    if (text(step.get("uses")) or "").startswith(ACTION):
        yield _of_action({name: _filled(text(value) or "", scope) for name, value in settings.items()})
    run = text(step.get("run"))
    place = _filled(text(step.get("working-directory")) or folder, scope)
    if run is not None and place is not None and "$" not in place:
        yield from builds(EXPRESSION.sub(lambda match: scope.get(match[1], UNKNOWN), run), place)


def _filled(value: str, scope: Scope) -> str | None:
    """A text with its expressions; None where one is not known."""
    if any(match[1] not in scope for match in EXPRESSION.finditer(value)):
        return None
    filled = EXPRESSION.sub(lambda match: scope[match[1]], value)
    return None if "${{" in filled else filled.replace(f"${ROOTS[0]}", ".")


def _of_action(settings: Mapping[str, str | None]) -> Recipe:
    """The file is looked for in the repository, but below a folder of the default context in that."""
    given = settings.get("context", ".")
    context = "." if given in ("", DEFAULT_CONTEXT) else given
    file, target = settings.get("file", ""), settings.get("target", "")
    if context is not None and context.startswith(f"{DEFAULT_CONTEXT}:"):
        context = context.partition(":")[2]
        dockerfile: str | None = file or "Dockerfile"
    elif context is None or file is None:
        context = dockerfile = None
    else:
        dockerfile = posixpath.relpath(file, context) if file and "://" not in context else "Dockerfile"
    tag = (settings.get("tags") or "").replace(",", "\n").split("\n")[0].strip()
    name = tag.rpartition("/")[2].partition(":")[0]
    unknown = ("target", "arguments") if target is None else ("arguments",)
    return Recipe(name, context=context, dockerfile=dockerfile, target=target or None, unknown=unknown)


def of_gitlab(content: str) -> Iterator[Recipe]:
    """What the scripts of GitLab's jobs build; those of a template count like a job's."""
    if not any(mark in content for mark in MARKS):
        return
    for document in documents(content):
        whole = mapping(document)
        before = whole.get("before_script", mapping(whole.get("default")).get("before_script"))
        for job in map(mapping, whole.values()):
            lines = [*_lines(job.get("before_script", before)), *_lines(job.get("script"))]
            yield from builds("\n".join(lines))


def _lines(value: object) -> Iterator[str]:
    """The lines of a script; one that is taken from elsewhere may leave the folder."""
    for one in [value] if isinstance(value, str) else items(value):
        if isinstance(one, list):
            yield from _lines(one)
        else:
            yield text(one) or f"cd {UNKNOWN}"


def of_cloud_build(content: str) -> Iterator[Recipe]:
    """What the steps of Google's Cloud Build build: arguments of its docker, and scripts for a shell."""
    from dockopt.shell.quote import quote  # noqa: PLC0415 - only here

    if "docker" not in content or "build" not in content:
        return
    for document in documents(content):
        for step in map(mapping, items(mapping(document).get("steps"))):
            words = [text(word) or "" for word in items(step.get("args"))]
            folder = text(step.get("dir")) or "."
            entry = text(step.get("entrypoint")) or ""
            script = text(step.get("script"))
            if script is not None:
                yield from builds(script, folder)
            elif entry in ("bash", "sh") and words[:1] in (["-c"], ["-ec"]) and len(words) > 1:
                yield from builds(words[1], folder)
            elif (text(step.get("name")) or "").partition(":")[0].endswith("/docker") and entry in ("", "docker"):
                plain = (word if "$" in word else quote(word) for word in words)
                yield from builds(" ".join(("docker", *plain)), folder)


def of_jenkinsfile(content: str) -> Iterator[Recipe]:
    """What the plain steps of a Jenkinsfile build; none where steps run in other folders."""
    if re.search(r"\b(dir|ws)\s*\(", content):
        return
    for match in STEP_OF_JENKINS.finditer(content):
        yield from builds(match[2].replace("\\\\\n", "\\\n"))
    for match in IMAGE_OF_JENKINS.finditer(content):
        yield from builds(f"docker build -t '{match[2]}' {match[4] or '.'}")


def of_makefile(content: str) -> Iterator[Recipe]:
    """What the recipes of a makefile build, each line by itself, with variables that are set once to a plain text."""
    if not any(mark in content for mark in MARKS):
        return
    found: dict[str, str] = {}
    for match in ASSIGNMENT.finditer(content):
        found[match[1]] = UNKNOWN if match[1] in found else match[2].strip()
    found["CURDIR"] = "$PWD"
    for line in content.replace("\\\n", " ").split("\n"):
        if line.startswith("\t"):
            plain = OF_MAKE.sub(lambda match: found.get(match[1], UNKNOWN), line.lstrip("\t @-+").replace("$$", "$"))
            yield from builds(plain)
