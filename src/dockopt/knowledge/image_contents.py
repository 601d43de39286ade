"""What the known image repositories contain: how tags are written, which Debian packages and commands are in them."""

from dataclasses import dataclass, field

from dockopt.knowledge.image_tags import Words, releases_for, version_key
from dockopt.knowledge.tables import table

BUILDPACK_CURL = "ca-certificates curl gnupg netbase sq wget tzdata"
BUILDPACK_SCM = f"{BUILDPACK_CURL} git mercurial openssh-client subversion procps"
BUILDPACK = (
    f"{BUILDPACK_SCM} autoconf automake bzip2 default-libmysqlclient-dev dpkg-dev file g++ gcc imagemagick libbz2-dev "
    "libc6-dev libcurl4-openssl-dev libdb-dev libevent-dev libffi-dev libgdbm-dev libglib2.0-dev libgmp-dev "
    "libjpeg-dev libkrb5-dev liblzma-dev libmagickcore-dev libmagickwand-dev libmaxminddb-dev libncurses5-dev "
    "libncursesw5-dev libpng-dev libpq-dev libreadline-dev libsqlite3-dev libssl-dev libtool libwebp-dev libxml2-dev "
    "libxslt1-dev libyaml-dev make patch unzip xz-utils zlib1g-dev"
)
CERTIFICATES = "ca-certificates netbase tzdata"


@dataclass(frozen=True)
class Family:
    """A repository. `slim` says where the word stands: "before" the code name, "after" it, "debian", "" for none.

    `full`, `in_slim` and `in_variant` are packages installed on Debian's base. `loose` accepts unknown tag words.
    """

    name: str
    distribution: str = "debian"
    slim: str = ""
    full: str = ""
    in_slim: str = ""
    in_variant: dict[str, str] = field(default_factory=dict)
    variants: frozenset[str] = frozenset()
    slim_kinds: tuple[str, ...] = ()
    distributions: dict[str, str] = field(default_factory=dict)
    extra_words: frozenset[str] = frozenset()
    on_slim: bool = False
    shell: bool = True
    package_manager: str | None = None
    certificates: bool = False
    certificates_in_slim: bool = False
    loose: bool = False
    java: bool = False

    @property
    def words(self) -> frozenset[str]:
        return self.variants | self.extra_words | frozenset(self.distributions)


def _language(name: str, *, slim: str = "before", in_slim: str = "", full: str = BUILDPACK, **more: object) -> Family:
    return Family(
        name,
        slim=slim,
        full=full,
        in_slim=in_slim,
        certificates=True,
        certificates_in_slim="ca-certificates" in in_slim,
        **more,  # type: ignore[arg-type]
    )


def _service(name: str, in_full: str = "ca-certificates") -> Family:
    return Family(name, full=in_full, on_slim=True, certificates=True, extra_words=frozenset({"perl", "otel"}))


def _java(name: str, **more: object) -> Family:
    words = frozenset({"jdk", "jre", "headless", "focal", "openjdk", "eclipse", "temurin", "amazoncorretto", "minimal"})
    homes = {f"ubi{number}": "rhel" for number in (8, 9, 10)}
    homes |= {"centos7": "rhel", "oraclelinux7": "rhel", "oraclelinux8": "rhel", "oracle": "rhel", "al2": "rhel"}
    homes |= {"al2023": "fedora", "ubi": "rhel", "corretto": "fedora"}
    return Family(
        name,
        variants=frozenset({"jre", "headless"} if name == "amazoncorretto" else {"jre"}),
        extra_words=words,
        distributions=homes,
        certificates=True,
        loose=True,
        java=True,
        **more,  # type: ignore[arg-type]
    )


def java_distribution(family: Family, words: Words, version: str) -> tuple[str, tuple[str, ...]]:
    """Distribution and candidate releases of a Java image whose tag names neither.

    Images with OpenJDK's own builds are Debian's up to Java 11 and Oracle Linux after it, unless they are slim; Temurin
    is on Ubuntu.
    """
    number = version_key(version)
    if family.name == "java":
        return "debian", ("jessie",)
    if family.name == "openjdk":
        if number < (12,):
            return "debian", releases_for("openjdk", version) if len(number) == 1 else ()
        return ("debian", ()) if words.slim else ("rhel", ())
    on_openjdk = "openjdk" in words.others or ("jdk" in words.others and "temurin" not in words.others)
    if family.name == "maven" and (on_openjdk or (number < (3, 8) and "temurin" not in words.others)):
        return "debian", ()
    return family.distribution, ()


_PHP_BUILD = "autoconf dpkg-dev file g++ gcc libc6-dev make pkg-config re2c ca-certificates curl xz-utils"
_PHP_KINDS = frozenset({"cli", "apache", "fpm", "zts"})
_RUBY_SLIM = "bzip2 ca-certificates libffi-dev libgmp-dev libssl-dev libyaml-dev procps zlib1g-dev"
_TEMURIN = "curl wget fontconfig ca-certificates p11-kit tzdata binutils"
_SWIFT = "binutils gcc git libc6-dev libcurl4-openssl-dev libedit2 libpython3-dev libsqlite3-0 libstdc++-12-dev unzip"


def _families() -> dict[str, Family]:
    families = [*_systems_and_languages(), *_java_and_services()]
    return {family.name: family for family in families} | _elsewhere()


def _systems_and_languages() -> list[Family]:
    return [
        Family("scratch", "", shell=False),
        Family("busybox", "busybox", extra_words=frozenset({"glibc", "musl", "uclibc"})),
        Family("alpine", "alpine", certificates=True),
        Family("debian", slim="debian", extra_words=frozenset({"backports"})),
        Family("ubuntu", "ubuntu"),
        _language("python", in_slim=CERTIFICATES, full=f"{BUILDPACK} libbluetooth-dev tk-dev uuid-dev"),
        _language("node", slim="after"),
        _language("ruby", in_slim=_RUBY_SLIM),
        _language("rust", in_slim="ca-certificates gcc libc6-dev"),
        _language("perl", extra_words=frozenset({"threaded"})),
        _language("pypy", in_slim=CERTIFICATES),
        _language("erlang"),
        _language("elixir", extra_words=frozenset({"otp", *(str(number) for number in range(18, 30))})),
        _language("gcc", slim=""),
        _language("haskell", slim="", full=BUILDPACK_SCM),
        _language("golang", slim="", full=f"{BUILDPACK_SCM} g++ gcc libc6-dev make pkg-config"),
        Family(
            "buildpack-deps",
            full=BUILDPACK,
            in_variant={"curl": BUILDPACK_CURL, "scm": BUILDPACK_SCM},
            variants=frozenset({"curl", "scm"}),
            certificates=True,
        ),
        Family("php", full=_PHP_BUILD, variants=_PHP_KINDS, on_slim=True, certificates=True),
        Family("swift", "ubuntu", full=_SWIFT, certificates=True, loose=True),
    ]


def _java_and_services() -> list[Family]:
    java_distributions = {"eclipse-temurin": "ubuntu", "maven": "ubuntu", "gradle": "ubuntu"}
    return [
        _java("openjdk", slim="after", slim_kinds=("jre",), full=BUILDPACK_SCM, in_variant={"jre": BUILDPACK_CURL}),
        _java("java", full=BUILDPACK_SCM, in_variant={"jre": BUILDPACK_CURL}),
        *(_java(name, distribution=where, full=_TEMURIN) for name, where in java_distributions.items()),
        _java("amazoncorretto", distribution="rhel"),
        _java("tomcat", distribution="ubuntu"),
        _java("clojure", distribution="debian"),
        *(_service(name) for name in ("redis", "postgres", "haproxy", "memcached", "rabbitmq", "mongo")),
        _service("nginx", "ca-certificates curl gettext-base"),
        _service("httpd", "ca-certificates libaprutil1-ldap"),
        Family("mysql", "rhel", certificates=True, loose=True),
        Family("mariadb", "ubuntu", certificates=True, loose=True),
        Family("caddy", "alpine", certificates=True, extra_words=frozenset({"builder"})),
        Family("dart", "debian", certificates=True, loose=True),
        Family("julia", "debian", certificates=True, loose=True),
        *(Family(name, "rhel", certificates=True, loose=True) for name in ("centos", "rockylinux", "almalinux")),
        *(Family(name, "rhel", certificates=True, loose=True) for name in ("amazonlinux", "oraclelinux")),
        Family("fedora", "fedora", certificates=True),
        Family("archlinux", "arch", certificates=True, loose=True),
    ]


def _elsewhere() -> dict[str, Family]:
    """Well-known repositories that are not official images."""
    found = {}
    for kind in ("static", "base", "cc", "python3", "nodejs", "java"):
        distroless = Family("distroless", "debian", shell=False, certificates=True, loose=True)
        for suffix in ("", "-debian10", "-debian11", "-debian12", "-debian13"):
            found[f"gcr.io/distroless/{kind}{suffix}"] = distroless
    for kind in ("sdk", "aspnet", "runtime", "runtime-deps"):
        found[f"mcr.microsoft.com/dotnet/{kind}"] = Family("dotnet", "debian", certificates=True, loose=True)
        found[f"mcr.microsoft.com/dotnet/core/{kind}"] = Family("dotnet", "debian", certificates=True, loose=True)
    ubi = Family("ubi", "rhel", certificates=True, loose=True)
    for number in (8, 9, 10):
        for registry in (f"registry.access.redhat.com/ubi{number}", f"registry.redhat.io/ubi{number}"):
            found |= {registry: ubi} | {f"{registry}/{kind}": ubi for kind in ("ubi", "ubi-minimal")}
        found |= {f"redhat/ubi{number}": ubi, f"redhat/ubi{number}-minimal": ubi}
    for name in ("registry.fedoraproject.org/fedora", "quay.io/fedora/fedora"):
        found[name] = Family("fedora", "fedora", certificates=True)
    for name in ("quay.io/rockylinux/rockylinux", "rockylinux/rockylinux", "quay.io/centos/centos"):
        found[name] = Family(name.rpartition("/")[2], "rhel", certificates=True, loose=True)
    found["public.ecr.aws/amazonlinux/amazonlinux"] = Family("amazonlinux", "rhel", certificates=True, loose=True)
    for name in ("continuumio/miniconda3", "continuumio/anaconda3", "oven/bun"):
        found[name] = Family(name.rpartition("/")[2], "debian", certificates=True, loose=True)
    return found


FAMILIES = _families()


def roots(repository: str, variant: str) -> tuple[str, ...]:
    """Packages that an image's build installed on its distribution's base; their dependencies come with them."""
    family = FAMILIES.get(repository)
    if family is None:
        return ()
    names = family.in_slim if variant.endswith("slim") else family.in_variant.get(variant, family.full)
    return tuple(names.split())


def base_packages(release: str) -> tuple[str, ...]:
    """Packages of Debian's own image of a release, full and slim alike (slim lacks documents); () where unknown."""
    return next((tuple(row[1].split()) for row in table("debian_bases") if row[0] == release), ())


def missing_in_slim(family: str) -> frozenset[str]:
    """Commands of the full Debian image that its slim variant has not; empty for repositories without one."""
    known = FAMILIES.get(family)
    if known is None or known.slim not in ("before", "after") or BUILDPACK not in known.full:
        return frozenset()
    return _commands("full") - present_in_slim(family)


def present_in_slim(family: str) -> frozenset[str]:
    """Commands of the full Debian image, beyond Debian's own base, that the slim variant has too."""
    return _commands(f"{family}-slim")


def package_with_command(family: str, variant: str, command: str) -> str:
    """The package that brings a command to an image, beyond Debian's own base; "" where none does."""
    layout = variant if variant != "full" else "golang" if family == "golang" else "full"
    layout = f"{family}-slim" if variant == "slim" else layout
    known = FAMILIES.get(family)
    if known is None or not known.full or family in ("debian", "ubuntu"):
        return ""
    return next((row[1] for row in table("image_commands") if row[0] == command and layout in row[2].split()), "")


def _commands(layout: str) -> frozenset[str]:
    return frozenset(row[0] for row in table("image_commands") if layout in row[2].split())
