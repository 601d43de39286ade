"""NuGet packages whose programs or libraries need more of the image than .NET itself, or need the SDK when they run.

Sources: the installation notes of each package for Linux.
"""

NEEDS_MORE = {
    **dict.fromkeys(("system.drawing.common",), "libgdiplus"),
    **dict.fromkeys(("skiasharp", "harfbuzzsharp", "svg.skia", "questpdf"), "font libraries"),
    **dict.fromkeys(("dinktopdf", "wkhtmltopdf", "rotativa"), "wkhtmltopdf"),
    **dict.fromkeys(("haukcode.wkhtmltopdfdotnet", "select.htmltopdf", "ironpdf", "ironocr"), "a browser"),
    **dict.fromkeys(("puppeteersharp", "microsoft.playwright", "selenium.webdriver", "selenium"), "a browser"),
    **dict.fromkeys(("syncfusion", "aspose", "devexpress", "telerik", "spire", "gembox"), "font libraries"),
    **dict.fromkeys(("magick.net-q8-anycpu", "magick.net-q16-anycpu", "magick.net", "netvips"), "image libraries"),
    **dict.fromkeys(("emgu", "opencvsharp4", "tesseract", "microsoft.ml", "torchsharp"), "native libraries"),
    **dict.fromkeys(("libgit2sharp", "rocksdb", "rocksdbsharp", "confluent.kafka", "grpc.core"), "native libraries"),
    **dict.fromkeys(("ffmpegcore", "fffmpegcore", "xabe.ffmpeg", "nreco.videoconverter"), "ffmpeg"),
    **dict.fromkeys(("microsoft.cognitiveservices.speech", "naudio"), "sound libraries"),
    **dict.fromkeys(("system.data.odbc", "ibm.data.db2", "net.ibm.data.db2"), "a database driver"),
    **dict.fromkeys(("system.directoryservices", "microsoft.aspnetcore.authentication.negotiate"), "LDAP or Kerberos"),
    **dict.fromkeys(("kerberos.net", "mongodb.driver.encryption", "mongodb.libmongocrypt"), "native libraries"),
    **dict.fromkeys(("sqlitepclraw.provider.sqlite3", "sqlitepclraw.bundle_sqlite3", "system.data.sqlite"), "SQLite"),
    **dict.fromkeys(("microsoft.data.sqlite.core", "microsoft.entityframeworkcore.sqlite.core"), "SQLite"),
    **dict.fromkeys(("mod_spatialite", "microsoft.entityframeworkcore.sqlite.nettopologysuite"), "SpatiaLite"),
    **dict.fromkeys(("gdal", "maxrev.gdal.core", "maxrev.gdal"), "GDAL"),
    **dict.fromkeys(("microsoft.build", "buildalyzer", "microsoft.codeanalysis", "razorlight", "cake"), "the SDK"),
    **dict.fromkeys(("microsoft.aspnetcore.mvc.razor.runtimecompilation",), "the sources of its pages"),
    **dict.fromkeys(("microsoft.powershell", "system.management.automation"), "PowerShell"),
    **dict.fromkeys(("microsoft.aspnetcore.spaservices", "microsoft.aspnetcore.nodeservices"), "Node"),
    **dict.fromkeys(("jering.javascript.nodejs", "vitenode", "vite.aspnetcore"), "Node"),
}
"""Name in small letters to what it needs; the name also stands for all names that begin with it and a full stop."""
WITHOUT_ASPNET = frozenset(
    "newtonsoft.json dapper polly serilog serilog.sinks.console serilog.sinks.file nlog log4net commandlineparser"
    " spectre.console automapper mediatr npgsql stackexchange.redis rabbitmq.client mysqlconnector csvhelper humanizer"
    " microsoft.extensions.hosting microsoft.extensions.http microsoft.extensions.configuration"
    " microsoft.extensions.configuration.json microsoft.extensions.configuration.environmentvariables"
    " microsoft.extensions.dependencyinjection microsoft.extensions.logging microsoft.extensions.logging.console"
    " microsoft.extensions.options system.commandline system.text.json microsoft.data.sqlclient"
    " microsoft.entityframeworkcore microsoft.entityframeworkcore.design microsoft.entityframeworkcore.sqlserver"
    " npgsql.entityframeworkcore.postgresql microsoft.entityframeworkcore.sqlite microsoft.data.sqlite".split()
)
"""Packages that do not refer to ASP.NET; any other may, and then the program needs it."""


def needed_by(package: str) -> str:
    """What a package needs besides .NET, "" where nothing is known."""
    name = package.lower()
    return next((NEEDS_MORE[one] for one in NEEDS_MORE if name == one or name.startswith(f"{one}.")), "")
