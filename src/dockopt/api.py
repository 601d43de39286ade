"""Everything a transform may import, and nothing else."""

from collections.abc import Mapping
from textwrap import dedent

from dockopt.analyses.apk import (
    Apk,
    apk_commands,
    apk_is_out_of_sight,
    installs_behind_other_repositories,
    provides_index,
    relies_on_index,
    removes_index,
    runs_script,
    starts_apk,
)
from dockopt.analyses.apt import (
    Apt,
    apt_commands,
    fetches_lists,
    is_root,
    may_remove_through_sudo,
    needs_sudo,
    removes_lists,
)
from dockopt.analyses.buildkit import denies_mounts, shows_buildkit
from dockopt.analyses.cache_mounts import CACHING_PROGRAMS, MountedRun, MountPlan, mount_plans
from dockopt.analyses.caches import has_no_network
from dockopt.analyses.development import development_sign, is_development
from dockopt.analyses.development_packages import Leftover, leftover
from dockopt.analyses.download_caches import DownloadCache, is_official, last_fetch
from dockopt.analyses.exec_form import keeps_its_shell, plain_words
from dockopt.analyses.health import Health, health
from dockopt.analyses.ignorable import Ignorable, ignorable, ignorable_for_people, with_rules, written_size
from dockopt.analyses.joining import (
    cannot_join,
    fills_what_is_cleaned,
    is_dependency_step,
    neighbours,
    only_cleans,
    only_packages,
    removes_what_it_names,
    undone_later,
)
from dockopt.analyses.late_copy import DependencyStep, LateCopy, late_copies
from dockopt.analyses.late_packages import LatePackages, late_packages
from dockopt.analyses.list_readers import Doubt, Reader, later_reader
from dockopt.analyses.list_refetch import Refetch, refetch
from dockopt.analyses.locked_install import LockedInstall, locked_installs
from dockopt.analyses.npm import Npm, last_npm_install, npm_cache_is_managed, npm_commands
from dockopt.analyses.ownership import Takeover, takeovers
from dockopt.analyses.pip import Pip, pip_cache_is_managed, pip_commands, pip_may_be_too_old
from dockopt.analyses.plain_add import plain_add
from dockopt.analyses.rights import is_surely_root
from dockopt.analyses.scripts import all_scripts
from dockopt.analyses.settings import groups as setting_groups
from dockopt.analyses.settings import set_by, with_equals
from dockopt.analyses.slim.find import runtime_swap, slim_verdict, static_verdict
from dockopt.analyses.slim.fixes import base_fix
from dockopt.analyses.split.find import split_verdict
from dockopt.analyses.split.unsplit import unsplit_reason
from dockopt.analyses.stamps import LateStamps, late_stamps
from dockopt.analyses.unprivileged import Unprivileged, unprivileged
from dockopt.analyses.words import Option, Reading, read, stands_on_lines
from dockopt.analyses.yarn import yarn_fills_node_modules
from dockopt.context.tree import Context
from dockopt.fixes import Aspect, Evidence, Example, FileChange, Fix, Leaves, Level, Phase, Purpose, Strength, transform
from dockopt.knowledge.image_contents import roots as image_roots
from dockopt.knowledge.images import describe
from dockopt.knowledge.recommendations import Recommended, recommended
from dockopt.model.commands import Call
from dockopt.model.dockerfile import Dockerfile
from dockopt.model.instructions import Copy, Run, Step
from dockopt.model.stages import Stage
from dockopt.rewrite.commands import (
    append_command,
    append_operands,
    append_word,
    can_remove,
    cannot_append,
    insert_command,
    insert_word,
    remove_command,
    remove_word,
    replace_word,
    run_before,
)
from dockopt.rewrite.instructions import (
    add_flag,
    copy_like,
    drop_blank_lines,
    insert_after,
    insert_before,
    join_runs,
    keyword_like,
    merge_steps,
    move_after,
    move_before,
    move_block_after,
    move_block_before,
    move_blocks_after,
    remove,
    replace,
    replace_arguments,
    respell,
    respell_keyword,
    with_destination,
    written,
)
from dockopt.rewrite.stages import split_stage
from dockopt.shell.tree import Word
from dockopt.text.edits import Edit

__all__ = [
    "CACHING_PROGRAMS",
    "Apk",
    "Apt",
    "Aspect",
    "Call",
    "Context",
    "Copy",
    "DependencyStep",
    "Dockerfile",
    "Doubt",
    "DownloadCache",
    "Edit",
    "Evidence",
    "Example",
    "FileChange",
    "Fix",
    "Health",
    "Ignorable",
    "LateCopy",
    "LatePackages",
    "LateStamps",
    "Leaves",
    "Leftover",
    "Level",
    "LockedInstall",
    "MountPlan",
    "MountedRun",
    "Npm",
    "Option",
    "Phase",
    "Pip",
    "Purpose",
    "Reader",
    "Reading",
    "Recommended",
    "Refetch",
    "Run",
    "Stage",
    "Step",
    "Strength",
    "Takeover",
    "Unprivileged",
    "Word",
    "add_flag",
    "all_scripts",
    "apk_commands",
    "apk_is_out_of_sight",
    "append_command",
    "append_operands",
    "append_word",
    "apt_commands",
    "assumed",
    "base_fix",
    "can_remove",
    "cannot_append",
    "cannot_join",
    "changes",
    "copy_like",
    "denies_mounts",
    "describe",
    "development_sign",
    "drop_blank_lines",
    "fetches_lists",
    "fills_what_is_cleaned",
    "has_no_network",
    "health",
    "ignorable",
    "ignorable_for_people",
    "image_roots",
    "inferred",
    "insert_after",
    "insert_before",
    "insert_command",
    "insert_word",
    "installs_behind_other_repositories",
    "is_dependency_step",
    "is_development",
    "is_official",
    "is_root",
    "is_surely_root",
    "join_runs",
    "keeps_its_shell",
    "keyword_like",
    "known",
    "last_fetch",
    "last_npm_install",
    "late_copies",
    "late_packages",
    "late_stamps",
    "later_reader",
    "leftover",
    "locked_installs",
    "may_remove_through_sudo",
    "merge_steps",
    "mount_plans",
    "move_after",
    "move_before",
    "move_block_after",
    "move_block_before",
    "move_blocks_after",
    "needs_sudo",
    "neighbours",
    "npm_cache_is_managed",
    "npm_commands",
    "only_cleans",
    "only_packages",
    "pip_cache_is_managed",
    "pip_commands",
    "pip_may_be_too_old",
    "plain_add",
    "plain_words",
    "proven",
    "provides_index",
    "read",
    "recommended",
    "refetch",
    "relies_on_index",
    "remove",
    "remove_command",
    "remove_word",
    "removes_index",
    "removes_lists",
    "removes_what_it_names",
    "replace",
    "replace_arguments",
    "replace_word",
    "respell",
    "respell_keyword",
    "run_before",
    "runs_script",
    "runtime_swap",
    "set_by",
    "setting_groups",
    "shows_buildkit",
    "slim_verdict",
    "split_stage",
    "split_verdict",
    "stands_on_lines",
    "starts_apk",
    "static_verdict",
    "takeovers",
    "transform",
    "unchanged",
    "undone_later",
    "unprivileged",
    "unsplit_reason",
    "with_destination",
    "with_equals",
    "with_rules",
    "written",
    "written_size",
    "yarn_fills_node_modules",
]


def proven(claim: str, where: Step | Stage | None = None) -> Evidence:
    """A claim that can be seen in this file."""
    return _evidence(claim, Strength.PROVEN, where)


def known(claim: str, where: Step | Stage | None = None) -> Evidence:
    """A claim that a row of the knowledge tables supports."""
    return _evidence(claim, Strength.KNOWN, where)


def inferred(claim: str, where: Step | Stage | None = None) -> Evidence:
    """A claim on which file, context and tables agree, with one assumption that the claim names."""
    return _evidence(claim, Strength.INFERRED, where)


def assumed(claim: str, where: Step | Stage | None = None) -> Evidence:
    """A claim that nothing at hand can show."""
    return _evidence(claim, Strength.ASSUMED, where)


def _evidence(claim: str, strength: Strength, where: Step | Stage | None) -> Evidence:
    return Evidence(claim, strength, where.node.span if where is not None else None)


def changes(
    before: str,
    after: str,
    *,
    context: Mapping[str, str] | None = None,
    level: Level = Level.STANDARD,
    others: Mapping[str, str] | None = None,
) -> Example:
    """An example that the transform rewrites; `context` holds files of the build context, `others` those changed."""
    return Example(_text(before), _text(after), "", context, level, others or {})


def unchanged(
    before: str, *, because: str, context: Mapping[str, str] | None = None, level: Level = Level.STANDARD
) -> Example:
    """An example that the transform must leave alone."""
    return Example(_text(before), _text(before), because, context, level)


def _text(block: str) -> str:
    return dedent(block).lstrip("\n").rstrip(" ")
