"""How npm, Yarn, pnpm and bun are asked to install a project, and which files and variables steer them.

Sources: the npm 10, Yarn 1.22, Yarn 4, pnpm 9 and bun 1.2 command line references.
"""

from typing import NamedTuple


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


class Manager(NamedTuple):
    """One package manager: how its install is called, which files it reads beside package.json.

    `valued` are options that take the next word, `frozen` those that keep the lockfile as it is; with a file of
    `foreign` in the project another program or another version reads it.
    """

    installs: frozenset[str | None]
    lockfiles: tuple[str, ...]
    settings: tuple[str, ...]
    foreign: tuple[str, ...]
    folder_options: frozenset[str]
    valued: frozenset[str]
    plain: frozenset[str]
    frozen: frozenset[str]
    harmless: frozenset[str | None]


NPM = Manager(
    installs=frozenset({"ci", "install", "i", "clean-install", "install-clean", "in", "isntall", "add"}),
    lockfiles=("npm-shrinkwrap.json", "package-lock.json", "yarn.lock"),
    settings=(".npmrc",),
    foreign=(),
    folder_options=frozenset({"--prefix", "-C"}),
    valued=frozenset(
        [
            "--registry",
            "--loglevel",
            "--omit",
            "--include",
            "--only",
            "--fetch-timeout",
            "--fetch-retries",
            "--maxsockets",
        ]
    ),
    plain=_words(
        "--production --prod --no-audit --audit --no-fund --fund --silent -s --quiet -q --verbose -d -dd"
        " --legacy-peer-deps --force -f --ignore-scripts --unsafe-perm --no-optional --no-save --prefer-offline"
        " --no-progress --progress --strict-ssl --no-package-lock --frozen-lockfile -D --save-dev -S --save"
        " --save-exact -E --dev --no-dev --build-from-source --strict-peer-deps --no-update-notifier"
        " --engine-strict --no-engine-strict -y --yes --no-cache --prefer-online --no-bin-links"
        " --foreground-scripts -g --global --location --also"
    ),
    frozen=frozenset({"--no-package-lock"}),
    harmless=frozenset({None, "cache", "config", "set", "version", "root", "bin"}),
)
YARN = Manager(
    installs=frozenset({None, "install"}),
    lockfiles=("yarn.lock",),
    settings=(".npmrc", ".yarnrc", ".yarnclean"),
    foreign=(".yarnrc.yml", ".pnp.cjs", ".pnp.js", ".pnp.loader.mjs"),
    folder_options=frozenset({"--cwd"}),
    valued=frozenset({"--network-timeout", "--network-concurrency", "--registry", "--mutex"}),
    plain=_words(
        "--frozen-lockfile --pure-lockfile --production --prod --non-interactive --silent -s --ignore-engines"
        " --force --ignore-optional --ignore-scripts --no-progress --check-files --prefer-offline --verbose"
        " --no-bin-links --link-duplicates --ignore-platform --no-default-rc --no-emoji -W --har --dev -D"
        " --immutable --no-immutable --immutable-cache --inline-builds --check-cache"
    ),
    frozen=frozenset({"--frozen-lockfile", "--pure-lockfile", "--immutable"}),
    harmless=frozenset({"cache", "config", "--version"}),
)
PNPM = Manager(
    installs=frozenset({"install", "i", "fetch"}),
    lockfiles=("pnpm-lock.yaml",),
    settings=(".npmrc", "pnpm-workspace.yaml"),
    foreign=(".pnpmfile.cjs", ".pnpmfile.mjs"),
    folder_options=frozenset({"--dir", "-C", "--prefix"}),
    valued=frozenset({"--reporter", "--loglevel", "--network-concurrency", "--registry"}),
    plain=_words(
        "--frozen-lockfile --no-frozen-lockfile --prod -P --production --dev -D --no-optional --ignore-scripts"
        " --offline --prefer-offline --shamefully-hoist --silent -s --strict-peer-dependencies"
        " --no-strict-peer-dependencies --force -r --recursive"
    ),
    frozen=frozenset({"--frozen-lockfile"}),
    harmless=frozenset({"config", "store", None}),
)
BUN = Manager(
    installs=frozenset({"install", "i"}),
    lockfiles=("bun.lock", "bun.lockb"),
    settings=("bunfig.toml", ".npmrc"),
    foreign=(),
    folder_options=frozenset({"--cwd"}),
    valued=frozenset({"--registry", "--omit", "--network-concurrency", "--backend", "--linker"}),
    plain=_words(
        "--frozen-lockfile --production -p --no-save --silent --verbose --no-progress --no-summary --no-verify"
        " --ignore-scripts --no-cache --force -f --dry-run -d --dev -D --optional --exact -E -g --global"
    ),
    frozen=frozenset({"--frozen-lockfile", "--production", "-p", "--no-save"}),
    harmless=frozenset({None, "pm", "upgrade"}),
)
MANAGERS = {"npm": NPM, "yarn": YARN, "pnpm": PNPM, "bun": BUN}
HARMLESS_VARIABLES = _words(
    "NPM_CONFIG_LOGLEVEL NPM_CONFIG_UPDATE_NOTIFIER NPM_CONFIG_FUND NPM_CONFIG_AUDIT NPM_CONFIG_REGISTRY"
    " NPM_CONFIG_PRODUCTION NPM_CONFIG_PROGRESS NPM_CONFIG_SPIN NPM_CONFIG_UNSAFE_PERM NPM_CONFIG_CACHE"
    " YARN_VERSION NPM_CONFIG_STRICT_SSL NPM_CONFIG_LEGACY_PEER_DEPS NPM_CONFIG_ENGINE_STRICT NPM_CONFIG_OMIT"
    " NPM_VERSION NPM_CONFIG_PREFIX NPM_CONFIG_MAXSOCKETS NPM_TOKEN PNPM_HOME PNPM_VERSION YARN_CACHE_FOLDER"
    " NPM_CONFIG_COLOR BUN_RUNTIME_TRANSPILER_CACHE_PATH BUN_INSTALL_BIN BUN_INSTALL"
)
PREFIXES = ("NPM_", "YARN_", "PNPM_", "COREPACK_", "BUN_")
