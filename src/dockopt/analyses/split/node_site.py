"""Pages that Node builds and nginx serves: a container in which nothing starts Node can do without it."""

from dockopt.analyses.apt import apt_commands
from dockopt.analyses.split.needs import image_files, is_base_command, start_programs
from dockopt.knowledge.images import Image
from dockopt.model.dockerfile import Dockerfile
from dockopt.model.instructions import Run
from dockopt.model.stages import Stage

NGINX = ("nginx", "/usr/sbin/nginx")
PACKAGES = frozenset({"nginx", "nginx-light", "nginx-core", "nginx-full"})
"""Packages of nginx without the modules that run programs (Lua, Perl)."""
NODE = frozenset({"node", "nodejs", "npm", "npx", "yarn", "yarnpkg", "pnpm", "corepack"})
"""Programs of the image, and the name of its user."""
VERSIONS = ("NODE_VERSION", "YARN_VERSION")
ENTRYPOINT = "docker-entrypoint.sh"


def site_base(file: Dockerfile, stage: Stage, image: Image, builds: list[Run]) -> str:
    """Debian's slim image of the same release where nginx is all that the container starts, "" elsewhere.

    Raises:
        NotSplit: what starts cannot be read.
    """
    plain = image.release and not image.digest and "$" not in stage.node.argument_text
    commands = (command for run in stage.runs if not run.opaque for command in apt_commands(run, "install"))
    if not plain or not any(PACKAGES & set(command.packages) for command in commands) or not _only_nginx(file, stage):
        return ""
    steps = [step for step in stage.steps if step not in builds and step.index > builds[0].index]
    texts = [step.node.argument_text for step in steps] + [step.text for step in stage.of("USER", "ENV", "CMD")]
    texts += [flag.value or "" for step in stage.steps for flag in step.node.flags]
    texts += [text for text in _settings(file, stage) if text]
    if any(name in text for text in texts for name in (*VERSIONS, ENTRYPOINT)):
        return ""
    return "" if any(NODE & set(_words(text)) for text in texts) else f"debian:{image.release}-slim"


def _only_nginx(file: Dockerfile, stage: Stage) -> bool:
    names = [program.name for program in start_programs(file, stage)]
    return any(name in NGINX for name in names) and all(name in NGINX or is_base_command(name) for name in names)


def _settings(file: Dockerfile, stage: Stage) -> list[str | None]:
    """Files of the context that are no sources of the pages: nginx's settings, compose files."""
    context = file.context
    if context is None:
        return []
    return [*(context.read(path) for path in _paths(file, stage)), *context.compose_files.values()]


def _paths(file: Dockerfile, stage: Stage) -> list[str]:
    return [path for path in image_files(file, stage).values() if path.endswith((".conf", ".template", ".sh"))]


def _words(text: str) -> list[str]:
    return "".join(letter if letter.isalnum() or letter in "-_./" else " " for letter in text).split()
