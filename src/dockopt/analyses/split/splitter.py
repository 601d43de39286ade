"""What splitting a stage has in common whatever it builds: the checks that come first, Debian packages, evidence."""

from collections.abc import Iterator

from dockopt.analyses.apt import is_root
from dockopt.analyses.split.debian import Packages, stays_whole
from dockopt.analyses.split.plan import NotSplit
from dockopt.analyses.split.steps import check_stage
from dockopt.context.tree import Context
from dockopt.fixes import Evidence, Strength
from dockopt.knowledge.images import Image
from dockopt.model.dockerfile import Dockerfile
from dockopt.model.instructions import Run
from dockopt.model.stages import Stage


class Splitter:
    """One stage, what its image is known to hold, and what was found out on the way.

    `builds` are the RUN instructions that must stay in the builder; there is at least one.
    """

    def __init__(self, file: Dockerfile, stage: Stage, image: Image, builds: list[Run]) -> None:
        self.file = file
        self.stage = stage
        self.image = image
        self.builds = builds
        self.packages = Packages(image)
        self.evidence: list[Evidence] = []
        for run in stage.runs:
            if not run.opaque and not stays_whole(run, image):
                self.packages.read(run)

    @property
    def context(self) -> Context:
        """The build context.

        Raises:
            NotSplit: it is not given.
        """
        if self.file.context is None:
            raise NotSplit("the build context is not given")
        return self.file.context

    @property
    def last(self) -> int:
        """Index of the last step that must stay in the builder."""
        return self.builds[-1].index

    def check_builds(self) -> None:
        """Raise NotSplit for what would change the meaning of the builder's steps."""
        check_stage(self.file, self.stage)
        if not self.context.complete:
            raise NotSplit("the build context is too large to be read whole")
        for step in self.stage.steps[: self.last + 1]:
            if not is_root(step):
                raise NotSplit("it is built by another user than root", step)
            if step.keyword == "VOLUME":
                raise NotSplit("a VOLUME is declared before the last build step", step)

    def assume(self, claim: str) -> None:
        """Note something that nobody can show; it takes the fix to the aggressive level."""
        self.evidence.append(Evidence(claim, Strength.ASSUMED))

    def on_packages(self) -> Iterator[Evidence]:
        """What the package tables say of the packages that stay behind, and of those that take their place."""
        dropped = ", ".join(dict.fromkeys(self.packages.dropped))
        if dropped:
            yield Evidence(f"only the build needs {dropped}", Strength.KNOWN, self.builds[-1].node.span)
        for name, libraries in self.packages.libraries.items():
            if libraries:
                yield Evidence(f"{' and '.join(libraries)} is what {name} needs at run time", Strength.KNOWN)
        for package, command in self.packages.added.items():
            yield Evidence(f"{command} is called and comes with {package}", Strength.KNOWN)

    def install_lines(self) -> list[str]:
        """The RUN that installs what the program needs, none where it needs nothing."""
        commands = self.packages.commands()
        escape = self.file.tree.escape
        return ["RUN " + f" {escape}\n    && ".join(commands)] if commands else []
