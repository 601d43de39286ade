"""Which Alpine packages only a build needs, and which libraries a development package stands for.

Source: the APKBUILD files of Alpine's aports. abuild lets a `-dev` package depend on the one that holds the libraries
its links lead to. Only names that are the same in every release since 3.16 are here; development packages that bring
programs of their own are listed with them in `COMMANDS`.
"""

TOOLS = frozenset(
    "build-base make cmake gcc g++ musl-dev libc-dev linux-headers autoconf automake libtool m4 pkgconf pkgconfig"
    " binutils python3-dev patch cargo rust samurai ninja".split()
)
"""Compilers, what they are called with, and headers of what the image holds itself."""

COMPILES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("gcc", "cargo", "rust"), ("libgcc",)),
    **dict.fromkeys(("g++", "build-base"), ("libstdc++",)),
}
"""What programs link that these made, where that is more than the C library."""

LIBRARIES = {
    "bzip2-dev": ("libbz2",),
    "freetype-dev": ("freetype",),
    "jpeg-dev": ("libjpeg-turbo",),
    "lcms2-dev": ("lcms2",),
    "libffi-dev": ("libffi",),
    "libjpeg-turbo-dev": ("libjpeg-turbo",),
    "libpng-dev": ("libpng",),
    "libpq-dev": ("libpq",),
    "libsodium-dev": ("libsodium",),
    "libwebp-dev": ("libwebp",),
    "libxml2-dev": ("libxml2",),
    "libxslt-dev": ("libxslt",),
    "mariadb-connector-c-dev": ("mariadb-connector-c",),
    "openjpeg-dev": ("openjpeg",),
    "openssl-dev": ("openssl",),
    "postgresql-dev": ("libpq",),
    "tiff-dev": ("tiff",),
    "xz-dev": ("xz-libs",),
    "zlib-dev": ("zlib",),
}

OPENMP = frozenset("faiss-cpu hdbscan implicit lightgbm pyworld scikit-image scikit-learn statsmodels xgboost".split())
"""Python packages that link OpenMP's library where they are compiled."""

COMMANDS = frozenset(
    "cc c++ gcc g++ cpp make gmake ld ar as nm strip strings objdump objcopy ranlib readelf addr2line patch cmake ctest"
    " ninja samu autoconf automake autoreconf libtool m4 pkg-config pkgconf cargo rustc xmllint xmlcatalog xsltproc"
    " xml2-config xslt-config pg_config mariadb_config mysql_config freetype-config libpng-config openssl c_rehash"
    " odbc_config ecpg clang perl".split()
)
"""Programs that come with these packages, or with what they depend on."""
