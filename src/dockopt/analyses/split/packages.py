"""The packages of a stage that is split, whichever distribution its image is made of."""

from dockopt.analyses.split import alpine, debian
from dockopt.analyses.split.debian import Packages, is_apt_call
from dockopt.knowledge.images import Image
from dockopt.model.commands import Call
from dockopt.model.instructions import Run


def packages_of(image: Image, *, certificates: bool) -> Packages:
    """An empty sorting of packages."""
    if is_alpine(image):
        return alpine.AlpinePackages(image, certificates=certificates)
    return Packages(image, certificates=certificates)


def is_alpine(image: Image) -> bool:
    return image.distribution == "alpine"


def is_package_call(call: Call) -> bool:
    """Whether a command is one of a package manager, or cleans up behind it."""
    return is_apt_call(call) or call.is_("apk")


def stays_whole(run: Run, image: Image) -> bool:
    """Whether a RUN installs only packages that the program may need, from lists that it fetches itself."""
    return alpine.stays_whole(run, image) if is_alpine(image) else debian.stays_whole(run, image)
