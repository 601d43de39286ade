"""Which runtime image belongs to an SDK image, and what packages are known to need."""

import pytest

from dockopt.knowledge.dotnet_images import runtime_tag
from dockopt.knowledge.dotnet_packages import needed_by

SDK = "mcr.microsoft.com/dotnet/sdk"


@pytest.mark.parametrize("tag", ["6.0", "6.0-jammy", "8.0", "8.0-bookworm-slim", "9.0-noble", "10.0"])
def test_a_tag_that_all_images_have(tag: str) -> None:
    found = runtime_tag(f"{SDK}:{tag}")
    assert (found.image("aspnet"), found.image("runtime"), found.version, found.reason) == (
        f"mcr.microsoft.com/dotnet/aspnet:{tag}",
        f"mcr.microsoft.com/dotnet/runtime:{tag}",
        tag.partition("-")[0],
        "",
    )


@pytest.mark.parametrize(
    ("reference", "reason"),
    [
        (f"{SDK}:8.0-alpine", "the runtime images on Alpine have no ICU and no time zones, which the SDK's has"),
        (f"{SDK}:8.0.404", "SDK 8.0.404 counts versions otherwise than the runtime images"),
        (f"{SDK}:10.0-bookworm-slim", f"no runtime image is known for {SDK}:10.0-bookworm-slim"),
        (f"{SDK}:5.0", f"no runtime image is known for {SDK}:5.0"),
        (SDK, f"no runtime image is known for {SDK}"),
        (f"{SDK}:8.0@sha256:{'0' * 64}", f"no runtime image is known for {SDK}:8.0@sha256:{'0' * 64}"),
        (
            "mcr.microsoft.com/dotnet/core/sdk:3.1",
            "no runtime image is known for mcr.microsoft.com/dotnet/core/sdk:3.1",
        ),
    ],
)
def test_no_image_is_invented(reference: str, reason: str) -> None:
    assert runtime_tag(reference).reason == reason


def test_what_packages_need() -> None:
    names = ("System.Drawing.Common", "SkiaSharp.NativeAssets.Linux", "Microsoft.MLNet", "Newtonsoft.Json")
    assert [needed_by(name) for name in names] == ["libgdiplus", "font libraries", "", ""]
