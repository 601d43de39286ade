"""mix.lock: what builds each package."""

from dockopt.context.manifests.mix_lock import LockedHex, read

HASH = "68fdfe8d8f05a8428483a97d7aab2f268aaff24b49e0f599faa091f1d4e7f61c"
LOCK = f"""%{{
  "plug": {{:hex, :plug, "1.15.3", "{HASH}", [:mix], [{{:telemetry, "~> 1.0", [hex: :telemetry]}}], "hexpm", "a"}},
  "telemetry": {{:hex, :telemetry, "1.2.1", "{HASH}", [:rebar3], [], "hexpm", "b"}},
  "argon": {{:hex, :argon, "4.0.0", "{HASH}", [:make, :mix], [], "hexpm", "c"}},
  "words": {{:hex, :words, "0.1.0", "{HASH}", [:mix], [{{:rustler, "~> 0.30", [hex: :rustler]}}], "hexpm", "d"}},
  own: {{:git, "https://git.example.com/own.git", "{HASH}", []}},
}}
"""


def test_what_may_compile_something_else() -> None:
    assert read(LOCK) == (
        LockedHex("plug", "hex", frozenset({"mix"}), native=False),
        LockedHex("telemetry", "hex", frozenset({"rebar3"}), native=False),
        LockedHex("argon", "hex", frozenset({"make", "mix"}), native=True),
        LockedHex("words", "hex", frozenset({"mix"}), native=True),
        LockedHex("own", "git", frozenset(), native=False),
    )
