"""A Node application with its workspaces: dependencies, scripts, and what runs when the container starts."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from dockopt.analyses.split.needs import Program, is_base_command, of_shell
from dockopt.analyses.split.node_tools import MANAGERS, Scripts, scripts
from dockopt.analyses.split.plan import NotSplit
from dockopt.context.manifests import package_json
from dockopt.context.manifests.package_json import NodeProject
from dockopt.context.tree import Context

BINARY_OF = {
    "tsc": "typescript",
    "nest": "@nestjs/cli",
    "ng": "@angular/cli",
    "vue-cli-service": "@vue/cli-service",
    "react-scripts": "react-scripts",
    "sls": "serverless",
    "babel": "@babel/cli",
    "babel-node": "@babel/node",
    "prisma": "prisma",
    "medusa": "@medusajs/cli",
    "strapi": "@strapi/strapi",
    "webpack": "webpack-cli",
}


class NodeProjects(NamedTuple):
    """The project in the application's folder, and the members of its workspaces."""

    root: NodeProject
    members: tuple[NodeProject, ...] = ()

    @property
    def all(self) -> tuple[NodeProject, ...]:
        return (self.root, *self.members)

    def names(self, kind: str) -> frozenset[str]:
        return frozenset(one.name for project in self.all for one in project.of_kind(kind))

    @property
    def development(self) -> frozenset[str]:
        """What is a development dependency and nothing else, in every project."""
        needed = self.names("dependencies") | self.names("optionalDependencies")
        return self.names("devDependencies") - needed

    @property
    def runtime(self) -> Mapping[str, bool | None]:
        """Packages that are needed when the program runs, and whether one runs a script when it is installed."""
        if self.root.packages:
            return {one.name: one.has_install_script for one in self.root.packages if not one.dev}
        return dict.fromkeys(self.names("dependencies"))

    def of(self, wanted: Scripts, current: NodeProject) -> tuple[NodeProject, ...]:
        """The projects whose scripts a command runs."""
        if wanted.everywhere:
            return self.members
        if not wanted.workspace:
            return (current,)
        found = [one for one in self.members if wanted.workspace in (one.name, one.folder)]
        found = found or [one for one in self.members if one.folder.endswith(f"/{wanted.workspace.strip('./')}")]
        if not found:
            raise NotSplit(f"there is no workspace {wanted.workspace}")
        return tuple(found)

    def started(self, programs: Iterable[Program]) -> Iterator[str]:
        """Packages whose programs some calls start, through scripts too."""
        waiting = [(program, self.root) for program in programs]
        seen: set[tuple[str, str]] = set()
        while waiting:
            program, current = waiting.pop()
            name = program.name.rpartition("/")[2]
            if name in MANAGERS:
                yield name
                wanted = scripts(name, program.arguments)
                for project in self.of(wanted, current):
                    waiting += [(inner, project) for inner in _of_scripts(project, wanted, seen)]
            if name == "npx":
                word = next((word for word in program.arguments if word and not word.startswith("-")), "")
                yield BINARY_OF.get(word, word)
            elif name not in MANAGERS and not is_base_command(name):
                yield from _of_program(name, program)
            elif name in ("yarn", "pnpm"):
                yield from (BINARY_OF.get(word, word) for word in program.arguments if word)

    def scripts_of(self, programs: Iterable[Program]) -> Iterator[tuple[str, str]]:
        """Names and texts of scripts that some calls run themselves."""
        for program in programs:
            wanted = scripts(program.name, program.arguments)
            for project in self.of(wanted, self.root):
                yield from ((name, project.scripts.get(name, "")) for name in wanted.names)


def read_projects(context: Context, folder: str, landed: Mapping[str, str], place: str) -> NodeProjects:
    """The projects in a folder of the context, which lies at `place` in the image as `landed` says.

    Raises:
        NotSplit: one cannot be read, or a member is not where the workspaces look for it.
    """
    root = package_json.read(context, folder)
    members = tuple(package_json.read(context, member) for member in root.members)
    for one in (root, *members):
        if one.problems:
            raise NotSplit(f"{one.folder or '.'}/package.json cannot be read: {one.problems[0]}")
        inside = one.folder.removeprefix(folder).strip("/")
        path = f"{one.folder}/package.json" if one.folder else "package.json"
        if landed.get(f"{place}/{inside}/package.json".replace("//", "/")) != path:
            raise NotSplit(f"{path} is not copied to where the workspaces look for it")
    if root.workspaces and not members:
        raise NotSplit("package.json has workspaces, and none of them is in the build context")
    return NodeProjects(root, members)


def _of_scripts(project: NodeProject, wanted: Scripts, seen: set[tuple[str, str]]) -> Iterator[Program]:
    for script in wanted.names:
        for key in (f"pre{script}", script, f"post{script}"):
            if key in project.scripts and (project.folder, key) not in seen:
                seen.add((project.folder, key))
                yield from of_shell(project.scripts[key], f"the script {key}")


def _of_program(name: str, program: Program) -> Iterator[str]:
    yield BINARY_OF.get(name, name)
    words = [word.removeprefix("-r").removeprefix("--require=") for word in program.arguments if word]
    yield from words
    yield from ("/".join(word.split("/")[: 2 if word.startswith("@") else 1]) for word in words)
