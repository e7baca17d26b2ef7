"""What a page must never do while a test looks at it: complain, miss a file, ask another host, or break."""

import re
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response, WebError

STATUS_LINE = re.compile(r"Failed to load resource: the server responded with a status of (\d+)")
OWN_SCHEMES = ("data", "blob", "about")
LEFT_BEHIND = "net::ERR_ABORTED"  # what was still loading when the person went on to the next page


class Watch:
    """Collects the faults of one browser; `refusals` names the answers from 400 on that a test provokes."""

    def __init__(self, context: BrowserContext, origin: str) -> None:
        self.origin = urlsplit(origin).netloc
        self.refusals: set[int] = set()
        self._faults: list[tuple[int, str]] = []  # status, or 0 for what no test may provoke
        context.on("console", self._said)
        context.on("weberror", self._raised)
        context.on("request", self._asked)
        context.on("requestfailed", self._failed)
        context.on("response", self._answered)

    @property
    def faults(self) -> list[str]:
        """Everything that was not provoked, in order."""
        return [text for status, text in self._faults if status not in self.refusals]

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            told = STATUS_LINE.match(message.text)
            self._note(f"{message.type}: {message.text} ({message.location.get('url')})", int(told[1]) if told else 0)

    def _raised(self, error: WebError) -> None:
        self._note(f"script: {error.error}")

    def _asked(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in OWN_SCHEMES and address.netloc != self.origin:
            self._note(f"another host: {request.url}")

    def _failed(self, request: Request) -> None:
        if request.failure != LEFT_BEHIND:
            self._note(f"failed: {request.method} {request.url} {request.failure}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400:
            status = response.status if response.status < 500 else 0
            self._note(f"{response.status}: {response.request.method} {response.url}", status)

    def _note(self, text: str, status: int = 0) -> None:
        self._faults.append((status, text))
