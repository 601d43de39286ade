"""What package managers and compilers keep between builds, and where: what a cache mount can hold for each."""

from dataclasses import dataclass
from typing import NamedTuple

from dockopt.lazy import cached_property


class Folder(NamedTuple):
    """A folder of downloads. `by_base` names it where it holds what was compiled: each base image needs its own."""

    path: str
    by_base: str = ""


@dataclass(frozen=True)
class BuildCache:
    """What one tool keeps.

    `programs` call it, with one of `subcommands` where there are any. `images` are the official images in which the
    folders are known, none for any whose user is root. `settings` are parts of variables and words that say that the
    cache is elsewhere, off or wanted as it is; `offline` parts of words of commands that must do with what is in it.
    Where they begin with a dash, they are options.
    """

    tool: str
    programs: tuple[str, ...]
    folders: tuple[Folder, ...]
    source: str
    subcommands: frozenset[str] = frozenset()
    images: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    offline: tuple[str, ...] = ("--offline",)
    without: tuple[str, ...] = ()
    """Options that keep a command from the cache, and change nothing else."""
    linked: tuple[str, ...] = ()
    """What a project's settings say where packages are installed as links into the cache."""
    manifests: tuple[str, ...] = ()
    """Names of the files with these settings."""
    leaves: tuple[str, ...] = ()
    """Subcommands that put there what only they can make, for later commands."""
    read_later: bool = False
    """Whether later commands or the program read what is in it: then all commands of a stage share the mount, and
    nobody may receive the stage's layers."""
    locked: bool = False
    """Whether two builds must not use it at once."""
    since: int = 0
    """The first version of the image in which it is so, where older ones differ."""
    user: str = "root"
    number: int = 0
    """Who calls the tool, by name and number."""

    @property
    def home(self) -> str:
        return f"/home/{self.user}" if self.number else "/root"

    @cached_property
    def marks(self) -> tuple[str, ...]:
        """The settings that are parts of words, whatever they say."""
        return tuple(mark for mark in (*self.settings, *self.offline) if not mark.startswith("-"))

    @cached_property
    def options(self) -> tuple[str, ...]:
        """The settings that are options of the tool."""
        return tuple(mark for mark in self.settings if mark.startswith("-"))

    @cached_property
    def offline_options(self) -> tuple[str, ...]:
        return tuple(mark for mark in self.offline if mark.startswith("-"))

    @cached_property
    def tails(self) -> tuple[str, ...]:
        """What every word holds that names one of the folders, however it writes the home that the folder is in."""
        return tuple(folder.path.removeprefix(self.home) for folder in self.folders)


NPM_SETTINGS = (
    *("npm_config_cache", "NPM_CONFIG_CACHE", "npm_config_userconfig", "NPM_CONFIG_USERCONFIG"),
    *("--cache", "--userconfig", "npm config", "npm cache", "npm set"),
)
NPM_OFFLINE = (
    *("--offline", "--prefer-offline", "npm_config_offline", "NPM_CONFIG_OFFLINE"),
    *("npm_config_prefer_offline", "NPM_CONFIG_PREFER_OFFLINE"),
)
JDK = ("eclipse-temurin", "openjdk", "amazoncorretto")

BUILD_CACHES = (
    BuildCache(
        "pip",
        ("pip",),
        (Folder("/root/.cache/pip", by_base="pip"),),
        "pip's documentation, caching",
        subcommands=frozenset({"install", "wheel", "download"}),
        images=("python",),
        settings=("PIP_NO_CACHE_DIR", "PIP_CACHE_DIR", "PIP_CONFIG_FILE", "--cache-dir", "pip config", "pip cache"),
        without=("--no-cache-dir", "--no-cache"),
    ),
    BuildCache(
        "uv",
        ("uv",),
        (Folder("/root/.cache/uv", by_base="uv"),),
        "uv's documentation, using uv in Docker",
        subcommands=frozenset({"sync", "pip", "add", "lock", "run", "tool", "build", "export"}),
        settings=("UV_NO_CACHE", "UV_CACHE_DIR", "--cache-dir", "symlink", "uv cache"),
        offline=("--offline", "UV_OFFLINE"),
        without=("--no-cache", "--no-cache-dir"),
        linked=("symlink",),
        manifests=("uv.toml", "pyproject.toml"),
    ),
    BuildCache(
        "npm",
        ("npm",),
        (Folder("/root/.npm"),),
        "npm's documentation, npm-cache",
        subcommands=frozenset({"install", "i", "ci", "add", "clean-install"}),
        images=("node",),
        settings=NPM_SETTINGS,
        offline=NPM_OFFLINE,
    ),
    BuildCache(
        "npm",
        ("npm",),
        (Folder("/home/node/.npm"),),
        "npm's documentation, npm-cache; the node image's Dockerfile",
        subcommands=frozenset({"install", "i", "ci", "add", "clean-install"}),
        images=("node",),
        settings=NPM_SETTINGS,
        offline=NPM_OFFLINE,
        user="node",
        number=1000,
    ),
    BuildCache(
        "yarn",
        ("yarn", "yarnpkg"),
        (Folder("/usr/local/share/.cache/yarn"),),
        "Yarn 1's documentation, yarn cache",
        subcommands=frozenset({"", "install", "add", "global"}),
        images=("node",),
        settings=("YARN_CACHE", "cache-folder", "yarn config", "yarn cache", "--pnp", "--enable-pnp"),
        offline=("--offline", "--prefer-offline"),
        locked=True,
    ),
    BuildCache(
        "pnpm",
        ("pnpm",),
        (Folder("/root/.local/share/pnpm/store", by_base="pnpm"),),
        "pnpm's documentation, working with Docker",
        subcommands=frozenset({"install", "i", "add", "fetch", "ci", "deploy", "prune", "update", "dlx"}),
        images=("node",),
        settings=(
            "PNPM_HOME",
            "store-dir",
            "storeDir",
            "store_dir",
            "virtual-store",
            "pnpm store",
            "pnpm config",
            "-g",
            "--global",
        ),
        offline=("--offline", "--frozen-store"),
        linked=("global-virtual-store", "enableGlobalVirtualStore"),
        manifests=(".npmrc", "pnpm-workspace.yaml"),
    ),
    BuildCache(
        "Go",
        ("go",),
        (Folder("/go/pkg/mod"), Folder("/root/.cache/go-build", by_base="go-build")),
        "go help environment",
        images=("golang",),
        settings=("GOPATH", "GOMODCACHE", "GOCACHE", "go clean", "pkg/mod", "go list"),
        offline=("GOPROXY=off",),
        read_later=True,
    ),
    BuildCache(
        "Cargo",
        ("cargo",),
        (Folder("/usr/local/cargo/registry"), Folder("/usr/local/cargo/git/db")),
        "The Cargo Book, Cargo home",
        images=("rust",),
        settings=("CARGO_HOME", "CARGO_NET", "cargo vendor", "cargo/registry", "cargo/git"),
        offline=("--offline", "--frozen"),
        read_later=True,
        locked=True,
    ),
    BuildCache(
        "Maven",
        ("mvn", "mvnw"),
        (Folder("/root/.m2/repository"),),
        "Maven's documentation, settings",
        images=("maven", *JDK),
        settings=("maven.repo.local", "MAVEN_CONFIG", "MAVEN_ARGS", "settings.xml", "/.m2", "purge-local", "-s"),
        offline=("-o", "--offline", "-llr"),
        leaves=("install", "install:install-file"),
        read_later=True,
        locked=True,
    ),
    BuildCache(
        "Gradle",
        ("gradle", "gradlew"),
        (Folder("/home/gradle/.gradle/caches"),),
        "the gradle image's Dockerfile, directory layout of Gradle",
        images=("gradle",),
        since=7,
        settings=("GRADLE_USER_HOME", "--gradle-user-home", "-g", "/.gradle"),
        read_later=True,
        locked=True,
    ),
    BuildCache(
        "Gradle",
        ("gradlew",),
        (Folder("/root/.gradle/caches"), Folder("/root/.gradle/wrapper")),
        "Gradle's documentation, directory layout",
        images=JDK,
        settings=("GRADLE_USER_HOME", "--gradle-user-home", "-g", "/.gradle"),
        read_later=True,
        locked=True,
    ),
    BuildCache(
        "NuGet",
        ("dotnet",),
        (Folder("/root/.nuget/packages"),),
        "NuGet's documentation, managing the global packages folder",
        images=("mcr.microsoft.com/dotnet/sdk",),
        settings=("NUGET_PACKAGES", "--packages", "nuget locals", "/.nuget", "RestorePackagesPath"),
        offline=("--no-restore", "--no-build"),
        leaves=("tool",),
        read_later=True,
        locked=True,
    ),
    BuildCache(
        "Composer",
        ("composer",),
        (Folder("/root/.composer/cache"),),
        "Composer's documentation, COMPOSER_HOME",
        subcommands=frozenset({"install", "update", "require", "create-project"}),
        images=("php",),
        settings=("COMPOSER_HOME", "COMPOSER_CACHE", "cache-dir", "composer config", "global", ".config/composer"),
        offline=("COMPOSER_DISABLE_NETWORK",),
        without=("--no-cache",),
    ),
    BuildCache(
        "Bundler",
        ("bundle", "bundler"),
        (Folder("/usr/local/bundle/cache"),),
        "the ruby image's Dockerfile, GEM_HOME",
        subcommands=frozenset({"", "install", "update"}),
        images=("ruby",),
        settings=(
            *("GEM_HOME", "BUNDLE_PATH", "BUNDLE_CACHE", "BUNDLE_DEPLOYMENT", "--path", "--deployment"),
            *("bundle cache", "bundle package", " path ", " deployment "),
        ),
        offline=("--local", "pristine"),
        locked=True,
    ),
)
