"""The working folder that official images set, so that relative paths mean something before the first WORKDIR.

Source: the WORKDIR of each image's Dockerfile in docker-library; the root folder where there is none.
"""

FOLDERS = {
    **dict.fromkeys(("python", "node", "debian", "ubuntu", "alpine", "ruby", "rust", "perl", "buildpack-deps"), "/"),
    **dict.fromkeys(("nginx", "eclipse-temurin", "openjdk", "maven", "amazoncorretto", "busybox", "scratch"), "/"),
    **dict.fromkeys(("fedora", "centos", "rockylinux", "almalinux", "amazonlinux", "gcc", "pypy"), "/"),
    "golang": "/go",
}


def base_folder(reference: str | None) -> str | None:
    """The absolute working folder of an image, None where it is not known."""
    if reference is None:
        return None
    name = reference.partition("@")[0].removeprefix("docker.io/").removeprefix("library/").partition(":")[0]
    return FOLDERS.get(name)
