"""dockopt reads Dockerfiles as BuildKit's own parser does: tricky files always, the corpus where there is one."""

from collections.abc import Iterator

import pytest
from tests.differential.buildkit import Oracle, comparable, differences
from tests.differential.corpus import CORPUS, corpus_files

from dockopt.syntax.parser import parse
from dockopt.text.source import SourceText

ACCEPTED = {
    "blank lines and comments in a continuation": "FROM a\nRUN a \\\n\n# c \\\n   \n  # d\n && b\nCMD x\n",
    "comment lines up to the end of the file": "FROM a\nRUN a \\\n# c\n",
    "continuation at the end of the file": "FROM a\nRUN a \\",
    "continuation alone": "FROM a\n\\\nRUN a\n",
    "nothing but a continuation": "FROM a\n\\\n",
    "escaped escape does not continue": "FROM a\nRUN a \\\\\nRUN b\n",
    "three escapes do not continue either": "FROM a\nRUN a \\\\\\\nRUN b\n",
    "white space after the escape": "FROM a\nRUN a \\ \t\n b\n",
    "other space after the escape ends the line": "FROM a\nRUN a \\\x0b\nRUN b\n",
    "backtick": "# escape=`\nFROM a\nRUN a `\n b\nCOPY c:\\x\\ d:\\\nCMD x\n",
    "directives in any case and order": "# SyntaX = x/y\n#escape=\\\nFROM a\nRUN a \\\n b\n",
    "directive after a blank line is a comment": "\n# escape=`\nFROM a\nRUN a \\\n b\n",
    "unknown directive ends the directives": "# nope=1\n# escape=`\nFROM a\nRUN a \\\n b\n",
    "indented directive": "   # escape=`\nFROM a\nRUN a `\n b\n",
    "byte order mark before a directive": "\ufeff# escape=`\nFROM a\nRUN a `\n b\n",
    "byte order mark on a later line": "FROM a\n\ufeffRUN a\n",
    "carriage returns": "FROM a\r\nRUN a \\\r\n  b\r\r\nCMD x\ry\r\n",
    "no final newline": "FROM a\nRUN b",
    "lower case, tabs, indent": "from\ta as b\n\trun\tx\n  cmd y  \n",
    "unicode space is not a separator": "FROM a\nRUN\u00a0x\n\u2003RUN y\u2003\n",
    "unicode space makes a blank line": "FROM a\n\u00a0\u2003\nRUN x\n",
    "file separator is not a space": "FROM a\nRUN x \x1c\n\x1c\n",
    "heredoc": "FROM a\nRUN <<EOF\n# c\nFROM x \\\n\nEOF\nCMD x\n",
    "heredoc with tabs": "FROM a\nRUN <<-EOF\n\ta\n \tEOF\n\t\tEOF\nCMD x\n",
    "quoted heredoc names": "FROM a\nRUN <<'E F' <<\"G\"H\n1\nE F\n2\nGH\n",
    "several heredocs": "FROM a\nCOPY <<x <<-y 3<<z /d/\nz\nx\n\ty\nx\nz\n",
    "heredoc within a command": "FROM a\nRUN cat <<EOF > x && \\\n  ls\n1\nEOF\nRUN y\n",
    "no heredoc in quotes": "FROM a\nRUN echo 'cat <<EOF' \"<<X\"\nRUN y\n",
    "here-string is not a heredoc": "FROM a\nRUN cat <<<EOF\nRUN y\n",
    "operator in a word is not a heredoc": "FROM a\nRUN cat<<EOF\nRUN $((1<<2))\nRUN a <<\n",
    "open quote hides a heredoc": "FROM a\nRUN echo it's <<EOF\nRUN y\n",
    "bad substitution hides a heredoc": "FROM a\nRUN echo ${a[0]} <<EOF\nRUN y\n",
    "escaped heredoc": "FROM a\nRUN echo \\<<EOF\nRUN y\n",
    "heredoc named by a variable": "FROM a\nRUN <<$X\n1\n$X\nRUN <<${Y:-z}\n2\n${Y:-z}\n",
    "heredoc in ONBUILD": "FROM a\nONBUILD RUN <<EOF\n1\nEOF\nONBUILD copy <<f /x\n2\nf\nONBUILD CMD <<x\n",
    "no heredoc elsewhere": "FROM a\nCMD cat <<EOF\nENTRYPOINT <<X\nENV A=<<B\n",
    "no heredoc in exec form": 'FROM a\nRUN ["cat", "<<EOF"]\n',
    "flags": "FROM --platform=x a\nCOPY --from=b --chown='1 2':\"3\" --x\\ y --z=\\\\ p q\nRUN --mount=a -- --b c\n",
    "flag with no arguments": "FROM a\nRUN --network=none\nRUN --\nRUN -- x\n",
    "one dash is an argument": "FROM a\nHEALTHCHECK --interval=1s -x CMD y\nRUN -x --y\n",
    "open quote in a flag": "FROM a\nCOPY --from='x y z\n",
    "exec forms": 'FROM a\nCMD []\nRUN [ "a" ,\t"\\u00e9\\ud83d\\ude00\\n" ]\nSHELL ["a"]\nENTRYPOINT ["x", ]\n',
    "json escapes": 'FROM a\nCMD ["\\/\\b\\f\\n\\r\\t\\\\\\"", "\\ud800", "\\ud800\\u0041", "\\udc00"]\n',
    "not quite json": 'FROM a\nCMD ["a]\nCMD [\'a\']\nCMD ["\t"]\nCMD ["\\x"]\nCMD [NaN]\nCMD [01]\n',
    "number that is not one": "FROM a\nCMD [1e999]\nCMD [-]\nCMD [a b]\n",
    "exec form of copy": 'FROM a\nCOPY ["a b", "c"]\nADD --chown=x ["a","b"]\n',
    "exec form of volume": 'FROM a\nVOLUME ["/a b"]\nVOLUME [x] /y\n',
    "healthcheck": 'FROM a\nHEALTHCHECK NONE\nHEALTHCHECK --retries=1  CMD  ["a"]\nHEALTHCHECK CMD a b\nHEALTHCHECK\n',
    "onbuild": 'FROM a\nONBUILD RUN --mount=x y\nonbuild Cmd ["a"]\nONBUILD\nONBUILD nope x\nONBUILD ONBUILD RUN x\n',
    "pairs": 'FROM a\nENV A=1 B=\'x y\' C="p \\" q" D=\\ e F\\ G=h I= J=\'\'\nLABEL "a b"=c d.e="f"\n',
    "old pairs": "FROM a\nENV A  b c=d\nLABEL x 'y z'\nENV A \\\n b\nENV \"A B\" c\n",
    "escape at the end of pairs": "FROM a\nENV A=b\\\\\nENV A='x\\\nLABEL A=\"x\\\n",
    "arguments": "ARG A\nARG B=1 C D='e f'\nFROM a\nARG\nENV\nLABEL\n",
    "unknown instructions": "FROM a\nNOPE x\n{{ x }}\n<<<<<<< HEAD\n",
    "longest line": "FROM a\nRUN " + "x" * (65536 - 5) + "\nCMD x",
    "longest last line": "FROM a\nRUN " + "x" * (65535 - 4),
}

REFUSED = {
    "": "file with no instructions",
    "\n# only a comment\n": "file with no instructions",
    "\ufeff": "file with no instructions",
    "# escape=x\nFROM a\n": "invalid escape token 'x': it must be ` or \\",
    "# escape=\\\n# escape=`\nFROM a\n": "only one escape parser directive can be used",
    "FROM a\nRUN <<EOF\nx\n EOF\n": "unterminated heredoc: no line EOF",
    "FROM a\nENV A\n": "ENV must have two arguments",
    "FROM a\nLABEL a=b c\n": "no = in c: LABEL takes name=value",
    'FROM a\nCMD ["a", 1]\n': "when using JSON array syntax, arrays must be comprised of strings only",
    "FROM a\nONBUILD ONBUILD CMD [null]\n": "when using JSON array syntax, arrays must be comprised of strings only",
    "FROM a\nRUN " + "x" * (65536 - 4) + "\n": "line greater than the 65535 bytes that BuildKit reads",
    "FROM a\nRUN " + "x" * (65536 - 4): "line greater than the 65535 bytes that BuildKit reads",
    "FROM a\nRUN " + "é" * 32768 + "\n": "line greater than the 65535 bytes that BuildKit reads",
}


@pytest.fixture(scope="module")
def oracle() -> Iterator[Oracle]:
    pytest.importorskip("dockerfile")
    worker = Oracle()
    yield worker
    worker.close()


@pytest.mark.parametrize("name", ACCEPTED)
def test_tricky_file(oracle: Oracle, name: str) -> None:
    text = ACCEPTED[name]
    answer = oracle.ask(text)
    assert answer.error is None
    assert list(differences(text, answer)) == []
    assert parse(SourceText(text)).problems == ()


@pytest.mark.parametrize(("text", "message"), REFUSED.items())
def test_refused_file(oracle: Oracle, text: str, message: str) -> None:
    assert oracle.ask(text).error is not None
    assert [problem.message for problem in parse(SourceText(text)).problems] == [message]


def test_corpus(oracle: Oracle) -> None:
    if not CORPUS.exists():
        pytest.skip("no corpus: set DOCKOPT_CORPUS to its archive")
    for name, data in corpus_files():
        text = comparable(data)
        assert parse(SourceText.from_bytes(data)).render().encode("utf-8", "surrogateescape") == data, name
        assert list(differences(text, oracle.ask(text))) == [], name
