"""Answer with the client library's version, and with what happens where there is no database."""

from http.server import BaseHTTPRequestHandler, HTTPServer

import psycopg2
import psycopg2.extensions


class Page(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(f"libpq {psycopg2.extensions.libpq_version()}\n{attempt()}\n".encode())


def attempt():
    try:
        psycopg2.connect("host=127.0.0.1 port=1 dbname=ledger connect_timeout=1")
    except psycopg2.OperationalError as error:
        return str(error).partition("\n")[0]
    return "connected"


HTTPServer(("", 9000), Page).serve_forever()
