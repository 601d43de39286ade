"""What is known of Hex packages that a lockfile says little about: Rebar's, and those that compile something.

Source: the packages' own build files (`rebar.config`, `mix.exs`, `Makefile`, `native/`).
"""

PURE_ERLANG = frozenset(
    "accept acceptor_pool acl amqp_client base64url bear certifi cf chatterbox cowboy cowboy_telemetry cowlib"
    " credentials_obfuscation credit_flow ctx ddskerl epgsql eredis erlware_commons erlydtl folsom fuse"
    " gen_smtp getopt goldrush gpb gproc grpcbox gun hackney hash_ring hpack hpack_erl ibrowse idna jose jsx"
    " lager lru meck metrics mimerl mochiweb oauth2 observer_cli opentelemetry opentelemetry_api"
    " opentelemetry_cowboy opentelemetry_exporter opentelemetry_semantic_conventions opentelemetry_telemetry"
    " parse_trans pgpool poolboy prometheus prometheus_httpd proper quantile_estimator quickrand rabbit_common"
    " ranch recon redbug ssl_verify_fun syslog telemetry telemetry_metrics telemetry_poller"
    " tls_certificate_check unicode_util_compat uuid_erl worker_pool yamerl".split()
)
"""Packages that Rebar builds and that hold nothing but Erlang."""

SELF_CONTAINED = frozenset(
    "bcrypt_elixir argon2_elixir exqlite picosat_elixir jiffy html5ever mjml explorer tokenizers rustler"
    " rustler_precompiled elixir_make cc_precompiler mdex autumn".split()
)
"""Packages that compile or fetch libraries which link the C and C++ libraries only, or that help others to."""

CALLS_PROGRAMS = frozenset(
    "pdf_generator mogrify porcelain chromic_pdf rambo ffmpex exexec erlexec muontrap waffle arc thumbnex wallaby hound"
    " ex_webrtc membrane_core image vix evision exla torchx nx_image bumblebee xqlite odbc tds_odbc nerves sentry_cli"
    " imagineer puppeteer_pdf puppeteer_img gutenex ex_git git_cli egit inotify_tools".split()
)
"""Packages that start programs of the system or link libraries of it."""
