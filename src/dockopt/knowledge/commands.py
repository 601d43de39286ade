"""Command models: how package managers spell their subcommands and options, and what a command leaves behind.

An unknown command is unknown: nothing here answers for it.
"""

from typing import NamedTuple


class Tool(NamedTuple):
    """How a program reads its words. `valued` are the options that take the next word as their value."""

    valued: frozenset[str]
    installs: frozenset[str] = frozenset()
    source: str = ""


APT = Tool(
    frozenset({"-o", "--option", "-t", "--target-release", "--default-release", "-c", "--config-file", "-a", "-q="}),
    frozenset({"install"}),
    "apt-get(8) of Debian 12",
)
APK = Tool(
    frozenset(
        {"-p", "--root", "-X", "--repository", "-t", "--virtual", "--cache-dir", "--keys-dir", "--wait", "--arch"}
    ),
    frozenset({"add"}),
    "apk(8) of Alpine 3.20",
)
PIP = Tool(
    frozenset(
        "-r --requirement -c --constraint -e --editable -i --index-url --extra-index-url -f --find-links -t --target"
        " --prefix --root --src -w --wheel-dir -d --dest"
        " --platform --python-version --implementation --abi --cache-dir --log --proxy --retries"
        " --timeout --default-timeout --trusted-host --cert --client-cert --no-binary --only-binary"
        " --progress-bar --upgrade-strategy --config-settings -C --global-option --report --exists-action --python"
        " --keyring-provider --use-feature"
        " --use-deprecated --group --build-constraint --hash".split()
    ),
    frozenset({"install"}),
    "pip 25 reference",
)
NPM = Tool(
    frozenset("--prefix -C --registry --cache --userconfig --loglevel -w --workspace --omit --include --only".split()),
    frozenset({"install", "i", "ci", "add", "clean-install", "in", "isntall", "install-clean"}),
    "npm 10 reference",
)
TOOLS = {
    "apt-get": APT,
    "apt": APT,
    "aptitude": APT,
    "apk": APK,
    "pip": PIP,
    "pip3": PIP,
    "npm": NPM,
}

SHELL_STATE = frozenset(
    "cd pushd popd export unset set source . umask exec exit trap alias unalias shopt eval local readonly ulimit"
    " declare typeset shift return enable disown fg bg jobs wait hash getopts read mapfile let".split()
)
"""Builtins whose effect outlives them within one shell (POSIX XCU 2.14 and the bash manual)."""

HARMLESS = frozenset("echo printf true : test [ ls cat id whoami pwd date uname which type node npm python pip".split())
"""Programs of which one is often run only to print something; their presence alone orders nothing."""

PACKAGE_MANAGERS = frozenset(
    "apt-get apt apk yum dnf microdnf tdnf zypper pacman dpkg apt-key add-apt-repository apt-add-repository"
    " apt-mark yum-config-manager dnf5".split()
)

DEPENDENCY_STEPS = frozenset(
    {
        *((pip, "install") for pip in ("pip", "pip3", "pipenv", "poetry", "uv", "conda", "mamba", "pdm")),
        *(("uv", word) for word in ("sync", "pip")),
        *(("npm", word) for word in ("install", "i", "ci", "add", "clean-install")),
        *((program, word) for program in ("yarn", "pnpm", "bun") for word in ("install", "add", "fetch", None)),
        *(("go", word) for word in ("mod", "get", "build", "install")),
        *(("cargo", word) for word in ("build", "install", "fetch", "chef")),
        *(("bundle", word) for word in ("install", None)),
        *(("composer", word) for word in ("install", "update", "require")),
        *(("dotnet", word) for word in ("restore", "build", "publish")),
        *(("gem", word) for word in ("install",)),
        ("mvn", "dependency:go-offline"),
        ("mix", "deps.get"),
    }
)
"""Program and subcommand of steps that install an application's dependencies."""

PACKAGE_TOOLS = frozenset(
    "aptitude apt-fast nala tasksel gdebi mk-build-deps rosdep apt-file apt-src unattended-upgrade dselect apt-rdepends"
    " apt-cache add-apt-repository apt-add-repository ubuntu-drivers apt-show-versions update-command-not-found"
    " check-language-support grep-aptavail wajig pkcon".split()
)
"""Programs other than apt-get that install from apt's package lists, or read them."""

PLAIN_PROGRAMS = frozenset(
    "npm npx yarn pnpm node corepack bun uv poetry pipenv conda mamba git curl wget gem bundle go cargo rustc rustup"
    " mvn java javac composer php perl ruby gcc g++ cc c++ clang cmake ninja meson ldconfig unzip zip xz bzip2 gpg dpkg"
    " openssl ssh ssh-keyscan jq python python3 python2 adduser addgroup dotnet docker-php-ext-install patch file"
    " docker-php-ext-enable docker-php-ext-configure pecl pear locale-gen dpkg-reconfigure update-ca-certificates R"
    " Rscript a2enmod a2ensite a2dismod nginx apache2ctl phpenmod phpdismod nproc pg_ctl psql mysql redis-server tini"
    " virtualenv pyenv nvm strip less vim busybox gdebconf debconf-set-selections apt-key apt-config apt-mark rsync"
    " chpasswd usermod visudo crontab supervisorctl fc-cache luarocks opam stack cabal ghc mix rebar3 elixir erl sbt"
    " gradle scala kotlinc lein clojure dart flutter swift nim nimble crystal shards zig tsc ng vue fontconfig"
    " cpanm cpm dub xbuild msbuild gsutil gcloud cloud-localds qemu-img paxctl shasum sdkmanager pkg-config firebase"
    " golangci-lint jupyter".split()
)
"""Programs that are not known to install Debian packages."""
