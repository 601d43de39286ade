"""Apply only what was verified: a fix that breaks the image is rejected, and the rest is tried again without it."""

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from dockopt.batch.results import Result, Status
from dockopt.batch.work import Job, rewrite
from dockopt.build.engine import Engine
from dockopt.build.trials import Plan, Workbench, workbench
from dockopt.build.verify import Verdict, Verification, Wishes, verify
from dockopt.config import Rejection


class Approval(NamedTuple):
    """Gives for each changed result the one to write: verified, perhaps with fewer fixes, or an error.

    `plan` says for a Dockerfile's path ("" for none) and its context ("" for its own folder) what to build.
    """

    engine: Engine
    plan: Callable[[str, str | None], Plan]
    wishes: Wishes
    from_file: bool = True

    def __call__(self, result: Result, data: bytes, job: Job) -> Result:
        """Look at one result.

        Raises:
            BuildError: the engine fails.
        """
        plan = self.plan(result.path if self.from_file else "", job.context)
        with workbench(self.engine, plan) as bench:
            return _approved(result, data, job, bench, self.wishes)


def _approved(result: Result, data: bytes, job: Job, bench: Workbench, wishes: Wishes) -> Result:
    while result.changed:
        found = verify(result, bench, wishes)
        if found.verdict is Verdict.VERIFIED:
            assert found.before
            assert found.after
            return replace(result, measured=(found.before.image.size, found.after.image.size))
        if found.verdict is not Verdict.BROKEN or found.culprit is None:
            return Result(result.path, Status.ERROR, f"not verified, and not written: {found.reason}")
        job = job._replace(settings=job.settings._replace(rejections=(*job.settings.rejections, rejection(found))))
        result = rewrite(result.path, data, job, bench.plan.dockerfile or None)
    return result


def rejection(found: Verification) -> Rejection:
    """The culprit, not to be proposed again."""
    assert found.culprit
    fate = found.culprit
    reason = " ".join(found.reason.split())
    return Rejection(fate.transform.name, fate.fix.title, fate.start, f"with it, {reason}")
