"""A browser without a screen, and the servers it visits, for the benchmarks of pages.

One connection a persona, kept alive; cookies and form tokens as a browser sends them.
"""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

HERE = Path(__file__).resolve().parent
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass
class Answer:
    """What a server answered, and how long it took from the first byte sent to the last read."""

    status: int
    text: str
    place: str
    taken_ms: float


@dataclass
class Browser:
    """One visitor of one server."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    _line: http.client.HTTPConnection | None = None

    def get(self, address: str) -> Answer:
        return self._ask("GET", address, None)

    def post(self, address: str, form: Mapping[str, str], page: str = "") -> Answer:
        """Fill in the form that stands at `page` (by default at the same address)."""
        found = _TOKEN.search(self.get(page or address).text)
        token = {"csrfmiddlewaretoken": found[1]} if found else {}
        return self._ask("POST", address, urlencode({**form, **token}))

    def be(self, persona: str) -> "Browser":
        """Sign in as a persona by the one-click form."""
        answer = self.post("/persona/", {"persona": persona, "next": "/"}, page="/sign-in/")
        if answer.status != 302 or "wholeplace_session" not in self.cookies:
            raise SystemExit(f"{persona} could not sign in: {answer.status}")
        return self

    def _ask(self, method: str, address: str, body: str | None) -> Answer:
        if self._line is None:
            self._line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            self._line.connect()
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            return self._exchange(method, address, body, headers)
        except (http.client.RemoteDisconnected, ConnectionError):
            # The server closes a line that was quiet for long; a browser opens another.
            self._line.close()
            return self._exchange(method, address, body, headers)

    def _exchange(
        self, method: str, address: str, body: str | None, headers: dict[str, str]
    ) -> Answer:
        began = time.perf_counter()
        self._line.request(method, address, body, headers)
        answer = self._line.getresponse()
        text = answer.read().decode()
        taken = (time.perf_counter() - began) * 1000
        for each in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = each.partition(";")[0].partition("=")
            self.cookies[name] = value
        return Answer(answer.status, text, answer.headers.get("Location", ""), taken)


@contextmanager
def serving(command: list[str], data: Path, **environment: str) -> Iterator[int]:
    """Run a server on a free port until the block ends; `{port}` in the command is replaced."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = trial.getsockname()[1]
    given = [each.replace("{port}", str(port)) for each in command]
    known = {**os.environ, "WHOLEPLACE_DATA": str(data), "PYTHONPATH": str(HERE), **environment}
    with tempfile.TemporaryFile("w+") as said:
        server = subprocess.Popen(
            given, env=known, stdout=said, stderr=subprocess.STDOUT, start_new_session=True
        )
        try:
            _wait(server, port)
            yield port
        except BaseException:
            said.seek(0)
            sys.stderr.write(said.read()[-2_000:])
            raise
        finally:
            _stop(server)


def _stop(server: subprocess.Popen[bytes]) -> None:
    """End a server and its workers, which stand in a session of their own."""
    server.terminate()
    try:
        server.wait(timeout=20)
    except subprocess.TimeoutExpired:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def _wait(server: subprocess.Popen[bytes], port: int) -> None:
    for _ in range(600):
        if server.poll() is not None:
            raise SystemExit("The server ended before it answered.")
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("The server did not answer within a minute.")
