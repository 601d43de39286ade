"""What a .NET project says of what it publishes, and what keeps dockopt from reading it."""

import pytest

from dockopt.context.manifests.dotnet_project import DotnetProject, read

SHOP = """\
<Project Sdk="Microsoft.NET.Sdk.Web">
  <PropertyGroup>
    <TargetFramework>net8.0</TargetFramework>
    <AssemblyName>Example.Shop</AssemblyName>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Dapper" Version="2.1.0" />
    <ProjectReference Include="..\\Store\\Store.csproj" />
  </ItemGroup>
</Project>
"""
STORE = """\
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <TargetFrameworks>net8.0;netstandard2.0</TargetFrameworks>
    <SelfContained>false</SelfContained>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Npgsql" Version="8.0.0" />
  </ItemGroup>
</Project>
"""
SHARED = "<Project><PropertyGroup><UseAppHost>false</UseAppHost></PropertyGroup></Project>"
FILES = {"/app/Shop/Shop.csproj": SHOP, "/app/Store/Store.csproj": STORE, "/app/Directory.Build.props": SHARED}


def test_a_project_with_all_that_it_refers_to() -> None:
    assert read(FILES.get, "/app/Shop/Shop.csproj") == DotnetProject(
        assembly="Example.Shop",
        framework="net8.0",
        aspnet=True,
        app_host=False,
        packages=("Dapper", "Npgsql"),
        files=("/app/Directory.Build.props", "/app/Shop/Shop.csproj", "/app/Store/Store.csproj"),
    )


def test_msbuild_reads_only_the_nearest_shared_file() -> None:
    nearest = {**FILES, "/app/Shop/Directory.Build.props": "<Project></Project>"}
    found = read(nearest.get, "/app/Shop/Shop.csproj")
    assert (found.app_host, found.files[0]) == (True, "/app/Shop/Directory.Build.props")


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (
            "<Project Sdk",
            "<!DOCTYPE Project [<!ENTITY a 'b'>]>\n<Project Sdk",
            "Shop.csproj is not XML that can be read",
        ),
        ("</Project>", "", "Shop.csproj is not XML that can be read"),
        (".Sdk.Web", ".Sdk.BlazorWebAssembly", "Shop.csproj is built with Microsoft.NET.Sdk.BlazorWebAssembly"),
        ("<AssemblyName>", "<RollForward>Major</RollForward><AssemblyName>", "Shop.csproj sets RollForward"),
        ("Example.Shop", "$(Brand).Shop", "Shop.csproj sets AssemblyName by a condition or another property"),
        (
            "<PropertyGroup>",
            "<PropertyGroup Condition=\"'$(CI)' == ''\">",
            "Shop.csproj sets TargetFramework by a condition or another property",
        ),
        ("net8.0", "", "Shop.csproj does not name one TargetFramework"),
        ("TargetFramework>", "TargetFrameworks>", "Shop.csproj does not name one TargetFramework"),
        (".Sdk.Web", ".Sdk", "Shop.csproj is a library"),
        ("</Project>", '<Target Name="x" /></Project>', "Shop.csproj has a Target of its own"),
        ("Store.csproj", "Other.csproj", "Other.csproj is not XML that can be read"),
        ("..\\Store", "$(Root)", "Shop.csproj refers to $(Root)/Store.csproj"),
    ],
)
def test_what_stands_in_the_way(old: str, new: str, problem: str) -> None:
    files = {**FILES, "/app/Shop/Shop.csproj": SHOP.replace(old, new)}
    assert read(files.get, "/app/Shop/Shop.csproj") == DotnetProject(problem=problem)


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        (
            "Shop/Shop.csproj.user",
            "<RuntimeIdentifier>linux-x64</RuntimeIdentifier>",
            "Shop.csproj.user sets RuntimeIdentifier",
        ),
        ("Directory.Packages.props", "<PublishAot>true</PublishAot>", "Directory.Packages.props sets PublishAot"),
        ("Directory.Build.rsp", "", "Directory.Build.rsp gives MSBuild options that are not read"),
    ],
)
def test_files_that_msbuild_reads_by_itself(name: str, text: str, problem: str) -> None:
    files = {**FILES, f"/app/{name}": f"<Project><PropertyGroup>{text}</PropertyGroup></Project>"}
    assert read(files.get, "/app/Shop/Shop.csproj") == DotnetProject(problem=problem)
