"""Which programs Ruby sources run."""

import pytest

from dockopt.context.ruby_source import programs_in, scan
from dockopt.context.tree import MemoryContext


@pytest.mark.parametrize(
    ("text", "commands", "unsure"),
    [
        ('system("git pull")', {"git"}, False),
        ("system 'convert', 'a.png', 'b.jpg'", {"convert"}, False),
        ("out = `uname -a`", {"uname"}, False),
        ('Open3.capture2("pdftotext", path)', {"pdftotext"}, False),
        ('spawn(["ls", "-l"])', {"ls"}, False),
        ("IO.popen(['tar', 'x'])", {"tar"}, False),
        ("system(*arguments)", set(), True),
        ('system("#{tool} --version")', set(), True),
        ('system("make && make install")', {"make"}, False),
        ("x = Fiddle.dlopen('libm.so')", set(), True),
        ('puts "a system of files"', set(), True),
        ("class Menu; end", set(), False),
    ],
)
def test_programs_are_found_where_they_are_written(text: str, commands: set[str], unsure: bool) -> None:
    found, doubt = programs_in(text)
    assert (set(found), doubt) == (commands, unsure)


def test_templates_comments_and_tests_are_read_for_what_they_are() -> None:
    context = MemoryContext(
        {
            "app.rb": "require 'json'\n# system(x)\nputs 1\n",
            "views/day.erb": "<p>the system (of #{days})</p><%= `date` %>\n",
            "spec/app_spec.rb": "system(ENV['X'])\n",
            "vendor/bundle/x.rb": "system(ENV['X'])\n",
            "bin/run": "#!/usr/bin/env ruby\nexec 'ls'\n",
        }
    )
    source = scan(context)
    assert source.files == ("app.rb", "bin/run", "views/day.erb")
    assert source.commands == {"date", "ls"}
    assert source.requires == {"json"}
    assert source.dynamic == ()
