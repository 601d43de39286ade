"""Names of build arguments that say which build this is (commit, date, number), and the programs that look at them.

Sources: the label-schema and OCI annotation conventions, Docker Hub's and Jenkins's build variables, the variables of
GitHub Actions and GitLab CI, and ci-info 4, by which npm, Yarn and pnpm find out that they run in CI.
"""

from functools import lru_cache

SPECIFIC = frozenset(
    "BUILD_DATE BUILD_TIME BUILD_TIMESTAMP BUILD_COMMIT BUILD_SHA BUILD_HASH BUILD_REVISION BUILD_REF BUILD_ID"
    " BUILD_NUMBER COMMIT_ID COMMIT_HASH COMMIT_SHA COMMIT_REF COMMIT_DATE GIT_COMMIT GIT_COMMIT_HASH GIT_COMMIT_SHA"
    " GIT_COMMIT_ID GIT_HASH GIT_SHA GIT_SHA1 GIT_REF GIT_REV GIT_REVISION GIT_BRANCH GIT_TAG GIT_DESCRIBE VCS_REF"
    " VCS_BRANCH VCS_REVISION SOURCE_COMMIT SOURCE_BRANCH IMAGE_CREATED IMAGE_REVISION CI_COMMIT_SHA"
    " CI_COMMIT_SHORT_SHA CI_COMMIT_REF_NAME CI_COMMIT_TAG CI_PIPELINE_ID CI_JOB_ID GITHUB_SHA GITHUB_REF GITHUB_RUN_ID"
    " GITHUB_RUN_NUMBER SENTRY_RELEASE".split()
)
"""They mean nothing but a stamp, with whatever in front of them (`APP_GIT_COMMIT`)."""
GENERAL = frozenset("VERSION APP_VERSION IMAGE_VERSION BUILD_VERSION COMMIT REVISION RELEASE TAG".split())
"""They are stamps where they have no value of their own; makefiles and scripts have such names, too."""
PLACEHOLDERS = frozenset({"", "dev", "unknown", "none", "latest", "local", "snapshot", "0.0.0", "n/a", "undefined"})
"""Defaults that stand for a value which the build is to give."""
SEEN_AS_CI = ("BUILD_ID", "BUILD_NUMBER", "RUN_ID", "BITBUCKET_COMMIT")
"""What tells Node's package managers that they run in CI, where some keep the lockfile as it is (ci-info 4)."""


@lru_cache(maxsize=4096)
def is_specific(name: str) -> bool:
    """Whether a name can only be a stamp's."""
    parts = name.upper().split("_")
    return any("_".join(parts[start:]) in SPECIFIC for start in range(len(parts)))


def is_stamp(name: str) -> bool:
    """Whether a name can be a stamp's."""
    return is_specific(name) or name.upper() in GENERAL


def tells_of_ci(name: str) -> bool:
    """Whether a program may take the variable for a sign that it runs in CI."""
    return name.upper().startswith("CI_") or name.upper().endswith(SEEN_AS_CI)
