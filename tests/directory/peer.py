"""A feed of services on this machine, and every way in which real feeds misbehave."""

import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from wholeplace.directory.feeds import Patience

HASTY = Patience(tries=3, first_wait_seconds=0.001, longest_wait_seconds=0.01, timeout_seconds=2.0)


def service(number: Any, name: str = "", **more: Any) -> dict[str, Any]:
    """A small service of version 3."""
    return {"id": number, "name": name or f"Service {number}", "status": "active", **more}


class Feed:
    """What a peer gives: pages of services, and what goes wrong where.

    Attributes:
        pages: services by page; the details of each are the same.
        troubles: path with query to a list of answers given before the right one: a status, or
            (status, headers, body).
        page: makes the envelope of a page; another one tells lies.
    """

    def __init__(self, *pages: list[dict[str, Any]]) -> None:
        self.pages = [list(each) for each in pages]
        self.troubles: dict[str, list[Any]] = {}
        self.always: dict[str, Any] = {}
        self.asked: Counter[str] = Counter()
        self.page: Callable[[int, list[dict[str, Any]]], dict[str, Any]] = self.envelope

    def envelope(self, number: int, rows: list[dict[str, Any]]) -> dict[str, Any]:
        total = sum(map(len, self.pages))
        return {
            "total_items": total, "total_pages": len(self.pages), "page_number": number,
            "size": len(rows), "first_page": number == 1, "last_page": number >= len(self.pages),
            "empty": not rows, "contents": rows,
        }  # fmt: skip

    def answer(self, path: str, query: str) -> tuple[int, dict[str, str], bytes]:
        key = f"{path}?{query}" if query else path
        self.asked[key] += 1
        trouble = self.always.get(key)
        if trouble is None and self.troubles.get(key):
            trouble = self.troubles[key].pop(0)
        if trouble is not None:
            return trouble if isinstance(trouble, tuple) else (trouble, {}, b"")
        if path == "/services":
            number = int(parse_qs(query).get("page", ["1"])[0])
            rows = self.pages[number - 1] if number <= len(self.pages) else []
            return 200, {}, json.dumps(self.page(number, rows)).encode()
        wanted = unquote(path.removeprefix("/services/"))
        for row in (row for rows in self.pages for row in rows):
            if str(row.get("id")) == wanted:
                return 200, {}, json.dumps(row).encode()
        return 404, {"Content-Type": "text/html"}, b"<html>Not found</html>"


@contextmanager
def served(feed: Feed) -> Iterator[str]:
    """Serve a feed on this machine; give its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            status, headers, body = feed.answer(parts.path, parts.query)
            self.send_response(status)
            for name, value in {"Content-Type": "application/json", **headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
