"""What `mix deps.get` reads of the copied files."""

import pytest

from dockopt.analyses.late_copy import late_copies
from dockopt.context.tree import MemoryContext
from dockopt.model.dockerfile import Dockerfile

PROJECT = """defmodule Shop.MixProject do
  use Mix.Project

  def project do
    [
      app: :shop,
      version: "0.1.0",
      elixirc_paths: elixirc_paths(Mix.env()),
      start_permanent: Mix.env() == :prod,
      aliases: aliases(),
      deps: deps()
    ]
  end

  # Path.join is only spoken of
  def application, do: [mod: {Shop.Application, []}, extra_applications: [:logger]]

  defp elixirc_paths(:test), do: ["lib", "test/support"]
  defp elixirc_paths(_), do: ["lib"]

  defp deps do
    [
      {:phoenix, "~> 1.7.10"},
      {:icons, github: "shop/icons", tag: "v#{System.get_env("ICONS", "2")}", depth: 1},
      {:other, "~> 1.0"}
    ]
  end

  defp aliases, do: [setup: ["deps.get", "ecto.setup"], "ecto.setup": ["ecto.create"]]
end
"""
CONTEXT = {"mix.exs": PROJECT, "mix.lock": "%{}\n", "lib/shop.ex": "", "config/config.exs": "import Config\n"}


def found(run: str, context: dict[str, str] = CONTEXT, setting: str = "") -> tuple[tuple[str, ...], str]:
    """The manifests to be copied first, and why the COPY has to stay."""
    text = f"FROM elixir:1.17\nWORKDIR /app\nCOPY . .\n{setting}RUN {run}\n"
    file = Dockerfile.parse(text, MemoryContext(context))
    (one,) = late_copies(file, file.final)
    return tuple(source for each in one.manifests for source in each.sources), one.reason


@pytest.mark.parametrize(
    "run",
    [
        "mix deps.get",
        "mix local.hex --force && mix local.rebar --force && mix deps.get --only prod",
        "mix do local.hex --force, local.rebar --force, deps.get",
        "mix do local.hex --force + deps.get --only $MIX_ENV",
    ],
)
def test_a_plain_project_reads_its_manifests(run: str) -> None:
    assert found(run) == (("mix.exs", "mix.lock"), "")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"0.1.0"', 'File.read!("VERSION")'),
        ('"0.1.0"', "version()\n  System.cmd(x)"),
        ('"0.1.0"', '"#{:os.cmd(~c"git describe")}"'),
        ('{:other, "~> 1.0"}', '{:other, path: "../other"}'),
        ('{:other, "~> 1.0"}', "{:other, in_umbrella: true}"),
        ('version: "0.1.0"', 'apps_path: "apps"'),
        ('version: "0.1.0"', 'deps_path: "../deps"'),
        ("use Mix.Project", "use Shop.Version"),
        ("use Mix.Project", "import Shop"),
        ('"0.1.0"', "Mix.shell().cmd(x)"),
    ],
)
def test_a_project_that_may_read_more(old: str, new: str) -> None:
    context = {**CONTEXT, "mix.exs": PROJECT.replace(old, new)}
    reads, reason = found("mix deps.get", context)
    assert (reads, reason.startswith("mix.exs:"), reason.endswith("may read copied files")) == ((), True, True)


@pytest.mark.parametrize(
    ("run", "reason"),
    [
        ("mix && mix deps.get", "mix run may read the copied files"),
        ("mix do deps.get, compile", "mix compile may read the copied files"),
        ("mix deps.get --strange", "the option --strange may read the copied files"),
        ("mix archive.install ./a.ez && mix deps.get", "mix may install a copied file"),
        ("mix setup && mix deps.get", "mix setup may read the copied files"),
    ],
)
def test_other_tasks(run: str, reason: str) -> None:
    assert found(run) == ((), reason)


def test_what_compiles_stays_behind_the_sources() -> None:
    file = Dockerfile.parse(
        "FROM elixir\nWORKDIR /a\nCOPY . .\nRUN mix deps.get && mix do a, b\n", MemoryContext(CONTEXT)
    )
    (one,) = late_copies(file, file.final, apart=True)
    assert one.step is not None
    assert (one.step.ahead, one.step.rest) == ("RUN mix deps.get", "RUN mix do a, b")


def test_what_stands_in_the_way() -> None:
    renamed = PROJECT.replace("setup: [", '"deps.get": ["deps.get", "x"], setup: [')
    assert found("mix deps.get", {**CONTEXT, "mix.exs": renamed}) == (
        (),
        "mix.exs:29 gives a task of mix another meaning",
    )
    bare = {name: text for name, text in CONTEXT.items() if name != "mix.lock"}
    assert found("mix deps.get", bare) == ((), "no mix.lock is copied to /app")
    assert found("mix deps.get", CONTEXT, "ENV MIX_EXS=a.exs\n") == ((), "MIX_EXS may name a copied file")
    reason = "/app/deps is in the build context, too: keep it out with .dockerignore"
    assert found("mix deps.get", {**CONTEXT, "deps/a/a.ex": ""}) == ((), reason)
