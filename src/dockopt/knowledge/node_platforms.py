"""npm packages that come once a system, as `@esbuild/darwin-arm64`: what their names say, and who belongs together."""

OTHER_SYSTEMS = frozenset(
    "darwin win32 windows freebsd openbsd netbsd android sunos aix arm arm64 aarch64 armv7 ia32 x32 riscv64 ppc64"
    " ppc64le s390x loong64 loongarch64 mips64el mipsel openharmony wasm32 wasi arm64ec armhf linuxmusl".split()
)
SYSTEMS = OTHER_SYSTEMS | {"linux", "linuxmusl"}
HERE = ("linux", "x64")
MUSL = frozenset({"musl", "linuxmusl"})


def words(name: str) -> list[str]:
    return name.rpartition("/")[2].replace("_", "-").split("-")


def is_for_another_system(name: str) -> bool:
    """Whether the name says that the package is for another system than Linux on x86-64."""
    found = words(name)
    return len(found) > 1 and any(word in OTHER_SYSTEMS for word in found)


def is_for_this_system(name: str) -> bool:
    """Whether it is one for Linux with glibc on x86-64, which has siblings for other systems."""
    found = words(name)
    return all(word in found for word in HERE) and not MUSL.intersection(found)


def family(name: str) -> str:
    """What the names of packages for several systems begin with; "" for any other package."""
    found = words(name)
    first = next((place for place, word in enumerate(found) if word in SYSTEMS), 0)
    scope = name.rpartition("/")[0]
    if not any(word in SYSTEMS for word in found) or not (first or scope):
        return ""
    return f"{scope}/{'-'.join(found[:first])}"
