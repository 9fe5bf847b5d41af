"""A polite, bounded HTTP client: the only module that uses a network, and only for the hosts it is given.

Whatever goes wrong (a refused connection, a slow or endless body, a bomb, a page of HTML, a redirect elsewhere) ends in
`SourceDown`: not asked, never "not found" and never a pass. The path of every request is made by a registry module from a
checked identifier; no URL of a manuscript is ever requested.

Politeness: a User-Agent with the contact's address (Crossref's and NCBI's usage guidelines), at most two requests under way,
the pace that `x-rate-limit-limit`, `x-rate-limit-interval` and `x-concurrency-limit` ask for, Retry-After, and no more
requests to a host that has failed three times running or has answered 403.
"""

from __future__ import annotations

import asyncio
import enum
import functools
import hashlib
import ipaddress
import logging
import random
import re
import ssl
import time
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from typing import Self
from urllib.parse import quote, urlencode, urljoin, urlsplit

import httpx
import stamina
from msgspec import Struct
from msgspec.structs import fields

from pubkit.boundary import distribution
from pubkit.errors import UsageError

__all__ = ["Answer", "Client", "Endpoints", "Patience", "Request", "Source", "SourceDown"]


class Source(enum.StrEnum):
    """The sources that can be asked; the value is the name shown to people."""

    CROSSREF = "Crossref"
    DATACITE = "DataCite"
    PUBMED = "PubMed"
    PMC = "PMC id converter"
    EUROPE_PMC = "Europe PMC"
    OPEN_LIBRARY = "Open Library"
    DOI = "doi.org"
    RETRACTION_WATCH = "Retraction Watch"
    JOURNALS = "journal abbreviations"


class Endpoints(Struct, frozen=True):
    """The base URL of each source: https, or http on this machine's loopback (for a stand-in or a mirror).

    Raises:
        UsageError: a base URL that is neither, or that carries credentials, a query or a fragment.
    """

    crossref: str = "https://api.crossref.org"
    datacite: str = "https://api.datacite.org"
    pubmed: str = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils"
    pmc: str = "https://pmc.ncbi.nlm.nih.gov/tools/idconv/api/v1"
    europe_pmc: str = "https://www.ebi.ac.uk/europepmc/webservices/rest"
    open_library: str = "https://openlibrary.org"
    doi: str = "https://doi.org"
    retraction_watch: str = "https://gitlab.com/crossref/retraction-watch-data/-/raw/main"
    journals: str = "https://raw.githubusercontent.com/JabRef/abbrv.jabref.org/main/journals"

    def __post_init__(self) -> None:
        for name in (field.name for field in fields(self)):
            _check_base(name, getattr(self, name))

    def base(self, source: Source) -> str:
        """Return the base URL of `source`, without a slash at its end."""
        url: str = getattr(self, source.name.lower())
        return url.rstrip("/")

    @classmethod
    def below(cls, base: str) -> Endpoints:
        """Return endpoints with every source as a folder of one host: `base`/crossref, `base`/datacite and so on."""
        return cls(**{field.name: f"{base.rstrip('/')}/{field.name}" for field in fields(cls)})


def _check_base(name: str, url: str) -> None:
    parts = urlsplit(url)
    loopback = parts.hostname == "localhost" or _is_loopback(parts.hostname or "")
    plain = not (parts.username or parts.password or parts.query or parts.fragment)
    if not parts.hostname or not plain or not (parts.scheme == "https" or (parts.scheme == "http" and loopback)):
        message = f"The base URL for {name} is not usable: {url!r}"
        raise UsageError(message, remedy="Give an https URL without a user name, query or fragment.")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class Patience(Struct, frozen=True):
    """The limits of a request. Times are in seconds, sizes in bytes after decompression."""

    attempts: int = 3
    deadline: float = 20.0
    wait_first: float = 0.5
    wait_most: float = 8.0
    retry_after_most: float = 60.0
    concurrency: int = 2
    failures_allowed: int = 3
    answer_limit: int = 2_000_000
    download_limit: int = 400_000_000
    download_deadline: float = 1_200.0


class Request(Struct, frozen=True):
    """A question to a source: segments of the path (each is quoted whole) and the query."""

    source: Source
    path: tuple[str, ...]
    query: Mapping[str, str]
    media_types: tuple[str, ...] = ("application/json",)


class Answer(Struct, frozen=True):
    """The answer of a source: status 200 with a body, or 404."""

    status: int
    body: bytes

    @property
    def sha256(self) -> str:
        """Return the body's digest, kept in the lock as evidence."""
        return hashlib.sha256(self.body).hexdigest()


class SourceDown(Exception):
    """A source gave no usable answer, so nothing is known about the question."""

    def __init__(self, source: Source, reason: str) -> None:
        super().__init__(f"{source} gave no answer: {reason}")
        self.source = source
        self.reason = reason


class _Failure(Exception):
    """A failed attempt; `retry` says whether another may help, `after` how many seconds the host asks to wait."""

    def __init__(self, reason: str, *, retry: bool = False, after: float | None = None, final: bool = False) -> None:
        super().__init__(reason)
        self.retry = retry
        self.after = after
        self.final = final


_CONTACT = re.compile(r"^[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,190}\.[A-Za-z]{2,}$")
_REDIRECTS = 3
# stamina logs every retry; without a handler of its own that would go to the terminal.
logging.getLogger("stamina").addHandler(logging.NullHandler())
_PACE = {Source.PUBMED: 0.34, Source.PMC: 0.34, Source.DATACITE: 0.3}
_RETRIED = frozenset({408, 429, 500, 502, 503, 504})


class Client:
    """A client for the sources named by `endpoints`, within the limits of `patience`.

    `contact` is the e-mail address that registries ask users to give. `sleep` and `clock` are how the client waits and
    tells the time (seconds). Proxies named in the environment are used only if `proxies` is true.
    """

    def __init__(
        self,
        endpoints: Endpoints,
        *,
        contact: str | None = None,
        patience: Patience | None = None,
        proxies: bool = False,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        if contact is not None and not _CONTACT.match(contact):
            raise UsageError(
                f"Not an e-mail address: {contact!r}",
                remedy=("Give the e-mail address at which registries may contact you."),
            )
        self.contact = contact
        self._endpoints = endpoints
        self._patience = patience = patience or Patience()
        self._sleep = sleep
        self._clock = clock
        self._free = asyncio.Semaphore(patience.concurrency)
        self._next: dict[Source, float] = {}
        self._pace: dict[Source, float] = dict(_PACE)
        self._single: dict[Source, asyncio.Lock] = {}
        self._failures: dict[Source, int] = {}
        self._reasons: dict[Source, str] = {}
        self._agent = f"{distribution.MODULE}/{distribution.version()}" + (f" (mailto:{contact})" if contact else "")
        self._http = httpx.AsyncClient(
            follow_redirects=False,
            trust_env=proxies,
            verify=_trusted(environment=proxies),
            timeout=httpx.Timeout(patience.deadline, connect=min(10.0, patience.deadline)),
            limits=httpx.Limits(max_connections=patience.concurrency * 2),
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.aclose()

    async def ask(self, request: Request) -> Answer:
        """Return the answer to `request`: status 200 with a body of an expected media type, or 404.

        Raises:
            SourceDown: any other outcome, after three tries if another try can help.
        """
        body = bytearray()
        limit, deadline = self._patience.answer_limit, self._patience.deadline
        status = await self._with_retries(request, body, limit, deadline)
        return Answer(status, bytes(body))

    async def download(self, request: Request) -> bytes:
        """Return the whole of a large file, within `Patience.download_limit`.

        Raises:
            SourceDown: it could not be obtained, or there is no such file.
        """
        body = bytearray()
        limit, deadline = self._patience.download_limit, self._patience.download_deadline
        if await self._with_retries(request, body, limit, deadline) != 200:
            raise SourceDown(request.source, "there is no such file (404)")
        return bytes(body)

    async def _with_retries(self, request: Request, body: bytearray, limit: int, deadline: float) -> int:
        source = request.source
        failure: _Failure | None = None
        async with self._free, self._lane(source):
            if self._failures.get(source, 0) >= self._patience.failures_allowed:
                raise SourceDown(source, self._reasons[source])
            try:
                # stamina counts the tries; the waiting goes through `sleep`, so that Retry-After can be honoured and seen.
                async for attempt in stamina.retry_context(_no_wait, attempts=self._patience.attempts, timeout=None):
                    with attempt:
                        if failure is not None:
                            await self._sleep(self._wait(attempt.num - 1, failure))
                        try:
                            return await self._attempt(request, body, limit, deadline)
                        except _Failure as caught:
                            failure = caught
                            raise
            except _Failure as last:
                allowed = self._patience.failures_allowed
                self._failures[source] = allowed if last.final else self._failures.get(source, 0) + 1
                self._reasons[source] = str(last)
                raise SourceDown(source, str(last)) from last
        raise AssertionError("unreachable")  # pragma: no cover

    @asynccontextmanager
    async def _lane(self, source: Source) -> AsyncIterator[None]:
        """Allow one request at a time to a host that has asked for that."""
        if source not in self._single:
            yield
            return
        async with self._single[source]:
            yield

    def _wait(self, failed: int, failure: _Failure) -> float:
        """Return the seconds to wait after `failed` failures: what the host asks for, capped, or doubling with jitter."""
        if failure.after is not None:
            return min(failure.after, self._patience.retry_after_most)
        doubled = self._patience.wait_first * 2.0 ** (failed - 1)
        return min(self._patience.wait_most, doubled * random.uniform(1.0, 2.0))  # noqa: S311 - no secret

    async def _attempt(self, request: Request, body: bytearray, limit: int, deadline: float) -> int:
        await self._take_turn(request.source)
        body.clear()
        try:
            async with asyncio.timeout(deadline):
                status = await self._exchange(request, body, limit)
        except TimeoutError as error:
            raise _Failure(f"no whole answer within {deadline:g} seconds", retry=True) from error
        except httpx.TransportError as error:
            raise _Failure(f"the connection failed ({type(error).__name__})", retry=True) from error
        except httpx.InvalidURL as error:
            raise _Failure("the request has no valid address") from error
        self._failures[request.source] = 0
        return status

    async def _take_turn(self, source: Source) -> None:
        """Wait until the source's pace allows another request."""
        pace = self._pace.get(source, 0.2)
        now = self._clock()
        start = max(now, self._next.get(source, now))
        self._next[source] = start + pace
        if start > now:
            await self._sleep(start - now)

    async def _exchange(self, request: Request, body: bytearray, limit: int) -> int:
        url = self._url(request)
        headers = {
            "User-Agent": self._agent,
            "Accept": ", ".join(request.media_types),
            "Accept-Encoding": "gzip",
        }
        for _ in range(_REDIRECTS + 1):
            async with self._http.stream("GET", url, headers=headers) as response:
                self._heed(request.source, response.headers)
                if response.is_redirect:
                    url = _same_host(url, response.headers.get("location", ""))
                    continue
                if response.status_code not in {200, 404}:
                    raise _refused(response)
                if response.status_code == 200:
                    _check_media_type(response.headers.get("content-type", ""), request.media_types)
                async for chunk in _decoded(response, limit):
                    body += chunk
                    if len(body) > limit:
                        raise _Failure(f"the answer is larger than {limit:,} bytes")
                return response.status_code
        raise _Failure(f"more than {_REDIRECTS} redirects")

    def _url(self, request: Request) -> str:
        path = "/".join(quote(segment, safe="") for segment in request.path)
        query = f"?{urlencode(request.query)}" if request.query else ""
        return f"{self._endpoints.base(request.source)}/{path}{query}"

    def _heed(self, source: Source, headers: httpx.Headers) -> None:
        """Adopt the pace that the host states: requests per interval, and requests at once."""
        limit = re.fullmatch(r"(\d{1,6})", headers.get("x-rate-limit-limit", "").strip())
        interval = re.fullmatch(r"(\d{1,5})s?", headers.get("x-rate-limit-interval", "").strip())
        if limit and interval and int(limit[1]):
            self._pace[source] = min(max(int(interval[1]) / int(limit[1]), 0.05), 10.0)
        if headers.get("x-concurrency-limit", "").strip() == "1":
            self._single.setdefault(source, asyncio.Lock())


def _no_wait(error: Exception) -> bool | float:
    return 0.0 if isinstance(error, _Failure) and error.retry else False


@functools.cache
def _trusted(*, environment: bool) -> ssl.SSLContext:
    """Return whose certificates are trusted: reading them takes 50 ms, and they are the same for every client."""
    return httpx.create_ssl_context(trust_env=environment)


def _refused(response: httpx.Response) -> _Failure:
    status = response.status_code
    after = response.headers.get("retry-after", "").strip()
    wait = float(after) if re.fullmatch(r"\d{1,6}", after) else None
    reason = {429: "it asks for fewer requests (429)", 403: "it refuses this address (403)"}.get(
        status, f"it answered with status {status}"
    )
    return _Failure(reason, retry=status in _RETRIED, after=wait, final=status == 403)


def _same_host(url: str, location: str) -> str:
    """Return the target of a redirect to the same host, scheme and port."""
    try:
        target = urljoin(url, location)
        old, new = urlsplit(url), urlsplit(target)
    except ValueError as error:
        raise _Failure("it redirects to no valid address") from error
    if not location or (old.scheme, old.netloc) != (new.scheme, new.netloc):
        raise _Failure("it redirects to another host")
    return target


def _check_media_type(content_type: str, accepted: Collection[str]) -> None:
    kind, _, parameters = content_type.partition(";")
    kind = kind.strip().lower()
    json = kind.startswith("application/") and kind.endswith("+json") and "application/json" in accepted
    if kind not in accepted and not json:
        raise _Failure(f"the answer is not what was asked for (content type {kind[:60]!r})")
    charset = re.search(r"charset=\"?([^\s;\"]+)", parameters, re.IGNORECASE)
    if charset and charset[1].lower().replace("_", "-") not in {"utf-8", "utf8", "us-ascii"}:
        raise _Failure(f"the answer is not in UTF-8 (charset {charset[1][:40]!r})")


async def _decoded(response: httpx.Response, limit: int) -> AsyncIterator[bytes]:
    """Yield the body in pieces, decompressed only slightly beyond `limit`, so that a decompression bomb stays small."""
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in {"identity", "gzip", "x-gzip", ""}:
        raise _Failure(f"the answer uses an encoding that was not requested ({encoding[:40]!r})")
    declared = response.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > limit:
        raise _Failure(f"the answer is larger than {limit:,} bytes")
    if encoding in {"identity", ""}:
        async for chunk in response.aiter_raw():
            yield chunk
        return
    unpack = zlib.decompressobj(16 + zlib.MAX_WBITS)
    try:
        async for chunk in response.aiter_raw():
            yield unpack.decompress(chunk, limit + 1)
            if unpack.unconsumed_tail or unpack.unused_data:
                raise _Failure(f"the answer decompresses to more than {limit:,} bytes")
    except zlib.error as error:
        raise _Failure("the answer cannot be decompressed") from error
    if not unpack.eof:
        raise _Failure("the answer is cut short", retry=True)
