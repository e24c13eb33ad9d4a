"""Asking a feed over HTTP: patient, bounded, and never led elsewhere."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import requests

from wholeplace.directory.figures import figures

__all__ = ["FeedAnswerError", "FeedPeer", "Patience", "ReadsFeed"]

_BUSY = 429
_GONE = (404, 410)
_LATER = (500, 502, 503, 504)


@dataclass(frozen=True)
class Patience:
    """How often and how long a feed is waited for."""

    tries: int
    first_wait_seconds: float
    longest_wait_seconds: float
    timeout_seconds: float

    @classmethod
    def of_figures(cls) -> "Patience":
        """Return the patience that `figures.yaml` states."""
        given = figures()
        return cls(
            given.tries,
            given.first_wait_seconds,
            given.longest_wait_seconds,
            given.timeout_seconds,
        )


class FeedAnswerError(Exception):
    """A feed gave no usable answer.

    Args:
        kind: `gone`, `busy`, `failed`, `not-json`, `too-long`, `moved` or `no-answer`.
    """

    def __init__(self, kind: str) -> None:
        self.kind = kind
        super().__init__(kind)


class ReadsFeed(Protocol):
    """Whatever answers for a feed: a peer on the network, or files."""

    waited: int
    asked_again: int

    def get(self, path: str, asked: Mapping[str, Any]) -> Any:
        """Return the JSON at a path below the feed's address.

        Raises:
            FeedAnswerError: if there is none.
        """
        ...


class FeedPeer:
    """A feed at an address.

    Args:
        address: what stands before `/services`.
        patience: how long it is waited for.
        pause: waits; another one in tests that must not.

    Attributes:
        waited: how often it asked us to slow down.
        asked_again: how many answers came only when asked again.
    """

    def __init__(
        self,
        address: str,
        patience: Patience | None = None,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._address = address.rstrip("/")
        self._patience = patience or Patience.of_figures()
        self._pause = pause
        self._session = requests.Session()
        # Redirects are told and not followed: the address stands in the reviewed place folder.
        self._session.headers["Accept"] = "application/json"
        self._session.headers["User-Agent"] = "Wholeplace directory"
        self.waited = 0
        self.asked_again = 0

    def get(self, path: str, asked: Mapping[str, Any]) -> Any:
        """Return the JSON at a path, asked again where the feed is busy or fails for the moment.

        Raises:
            FeedAnswerError: if it gives none in the tries allowed.
        """
        wait, last = self._patience.first_wait_seconds, FeedAnswerError("no-answer")
        for number in range(self._patience.tries):
            try:
                found = self._ask(path, asked)
            except FeedAnswerError as error:
                last = error
            except requests.RequestException:
                last = FeedAnswerError("no-answer")
            else:
                self.asked_again += number > 0
                return found
            if last.kind in ("gone", "moved", "too-long", "refused"):
                break
            if number + 1 < self._patience.tries:
                self._pause(self._wait_of(last, wait))
                wait *= 2
        raise last

    def _ask(self, path: str, asked: Mapping[str, Any]) -> Any:
        with self._session.get(
            self._address + path,
            params=dict(asked),
            timeout=self._patience.timeout_seconds,
            allow_redirects=False,
            stream=True,
        ) as answer:
            if answer.status_code == _BUSY:
                self.waited += 1
                raise _BusyError(answer.headers.get("Retry-After", ""))
            if answer.status_code in _GONE:
                raise FeedAnswerError("gone")
            if 300 <= answer.status_code < 400:
                raise FeedAnswerError("moved")
            if answer.status_code in _LATER:
                raise FeedAnswerError("failed")
            if answer.status_code != 200:
                raise FeedAnswerError("refused")
            return _read_json(answer)

    def _wait_of(self, error: FeedAnswerError, wait: float) -> float:
        asked = error.seconds if isinstance(error, _BusyError) else 0.0
        return min(max(wait, asked), self._patience.longest_wait_seconds)


class _BusyError(FeedAnswerError):
    def __init__(self, retry_after: str) -> None:
        super().__init__("busy")
        # A date instead of seconds is rare and read as “a while”.
        self.seconds = float(retry_after) if retry_after.strip().isdigit() else 0.0


def _read_json(answer: requests.Response) -> Any:
    most, held = figures().answer_bytes_most, bytearray()
    for piece in answer.iter_content(65_536):
        held += piece
        if len(held) > most:
            raise FeedAnswerError("too-long")
    try:
        # UTF-8 with or without a mark; anything else is no JSON (RFC 8259).
        return json.loads(bytes(held).decode("utf-8-sig"))
    except (ValueError, RecursionError):
        # An error page in HTML with status 200 is as common as one with 502.
        raise FeedAnswerError("not-json") from None
