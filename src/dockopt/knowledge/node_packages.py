"""Node packages that bring native code, run a script when they are installed, or call programs.

JavaScript is the rule: a package that its lockfile marks with no install script and that has no row here needs
nothing but Node. With an install script and no row it is unknown. A row speaks of Linux with glibc.
"""

from dockopt.knowledge.language_packages import LanguagePackage, rows_of


def lookup(name: str) -> LanguagePackage | None:
    """The row of a package, by its name with scope."""
    return rows_of("node_packages").get(name)
