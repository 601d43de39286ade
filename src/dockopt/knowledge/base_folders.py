"""What official images set before the first instruction: the working folder, and on Windows the shell.

Source: the WORKDIR of each image's Dockerfile in docker-library; the root folder where there is none. Distroless images
with "nonroot" in the tag start in the home of that account; the others in the root folder.
"""

FOLDERS = {
    **dict.fromkeys(("python", "node", "debian", "ubuntu", "alpine", "ruby", "rust", "perl", "buildpack-deps"), "/"),
    **dict.fromkeys(("nginx", "eclipse-temurin", "openjdk", "maven", "amazoncorretto", "busybox", "scratch"), "/"),
    **dict.fromkeys(("fedora", "centos", "rockylinux", "almalinux", "amazonlinux", "gcc", "pypy"), "/"),
    **dict.fromkeys(("gcr.io/distroless/static-debian12", "gcr.io/distroless/static-debian13"), "/"),
    "golang": "/go",
}


def base_folder(reference: str | None) -> str | None:
    """The absolute working folder of an image, None where it is not known."""
    if reference is None or "nonroot" in reference:
        return None
    name = reference.partition("@")[0].removeprefix("docker.io/").removeprefix("library/").partition(":")[0]
    return FOLDERS.get(name)


def base_shell(reference: str | None) -> tuple[str, ...] | None:
    """The shell that runs shell-form bodies, None where it is the usual /bin/sh."""
    name = (reference or "").lower()
    if "/windows" in name or "windowsservercore" in name or "nanoserver" in name:
        return ("cmd", "/S", "/C")
    return None
