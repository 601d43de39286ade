"""Answer whether a database server listens."""

from wsgiref.simple_server import make_server

import MySQLdb


def answer(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    try:
        MySQLdb.connect(host="127.0.0.1", port=1, connect_timeout=1)
    except MySQLdb.OperationalError as error:
        return [f"no server: {error.args[0]}\n".encode()]
    return [b"a server listens\n"]


make_server("", 5000, answer).serve_forever()
