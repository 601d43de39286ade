"""The images in which a .NET program runs that was published on the SDK's image, and what the two differ in.

Sources: the Dockerfiles and tag lists of github.com/dotnet/dotnet-docker, 6.0 to 10.0. An SDK image is built on the
ASP.NET image of the same release, which is built on the runtime image; versions with a patch number count differently
in each of them. On Alpine the SDK adds ICU and time zones, so the two behave differently there. Up to 5.0 the SDK made
a certificate for HTTPS when its image was built.
"""

from typing import NamedTuple

from dockopt.knowledge.image_tags import parse_reference

REPOSITORY = "mcr.microsoft.com/dotnet/"
SUFFIXES = {
    "6.0": ("", "bullseye-slim", "jammy"),
    "7.0": ("", "bullseye-slim", "jammy"),
    "8.0": ("", "bookworm-slim", "jammy", "noble"),
    "9.0": ("", "bookworm-slim", "noble"),
    "10.0": ("", "noble"),
}
"""Tags behind a version, on Debian and Ubuntu, that all three images have."""
UNSETS_ADDRESSES = frozenset({"6.0", "7.0"})
"""Where the SDK's image unsets ASPNETCORE_URLS, which the others set to port 80; from 8.0 on all have port 8080."""
SDK_COMMANDS = ("curl", "git", "wget")
"""Commands that the SDK's image installs as packages of the same name, besides PowerShell and what git brings."""
BEYOND_RUNTIME = "curl, git, wget and libatomic1"


class DotnetTag(NamedTuple):
    """`version` is "8.0"; `tag` what follows the colon; `reason` why no runtime image is known, "" where it is."""

    version: str
    tag: str
    reason: str = ""

    def image(self, kind: str) -> str:
        """The reference of "aspnet" or "runtime"."""
        return f"{REPOSITORY}{kind}:{self.tag}"


def runtime_tag(reference: str) -> DotnetTag:
    """The tag that the runtime images have in common with an SDK image."""
    parts = parse_reference(reference)
    if parts is None or parts.digest or parts.repository != f"{REPOSITORY}sdk":
        return DotnetTag("", "", f"no runtime image is known for {reference}")
    version, _, suffix = parts.tag.partition("-")
    if suffix.startswith("alpine"):
        return DotnetTag("", "", "the runtime images on Alpine have no ICU and no time zones, which the SDK's has")
    if version.count(".") > 1:
        return DotnetTag("", "", f"SDK {version} counts versions otherwise than the runtime images")
    if suffix not in SUFFIXES.get(version, ()):
        return DotnetTag("", "", f"no runtime image is known for {reference}")
    return DotnetTag(version, parts.tag)
