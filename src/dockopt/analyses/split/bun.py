"""Bun: why its images are not split. What would be left behind are development dependencies alone."""

from dockopt.analyses.split.needs import image_files
from dockopt.analyses.split.plan import NotSplit
from dockopt.context.manifests import package_json
from dockopt.model.dockerfile import Dockerfile
from dockopt.model.stages import Stage


def plan(file: Dockerfile, stage: Stage) -> None:
    """Nothing where nothing would be gained.

    Raises:
        NotSplit: development dependencies come into the image.
    """
    for run in stage.runs:
        for call in [] if run.opaque else run.calls:
            if not call.is_("bun") or call.values[:1] not in (("install",), ("i",)):
                continue
            if call.has("--production", "-p", "--omit=dev", "--omit", "-g", "--global"):
                continue
            path = image_files(file, stage).get(f"{(run.state.folder or '').rstrip('/')}/package.json")
            if file.context is None or path is None:
                continue
            project = package_json.read(file.context, path.rpartition("/")[0])
            development = project.of_kind("devDependencies")
            if development:
                names = ", ".join(one.name for one in development[:3]) + (" …" if len(development) > 3 else "")
                raise NotSplit(
                    f"bun install brings development dependencies ({names}),"
                    " and bun has no command that is known to take them out again after a build",
                    run,
                )
