"""The client asks politely, within its bounds, and only the hosts it was given."""

from __future__ import annotations

import asyncio
import gzip
import threading
import tracemalloc
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
from tests.references.registry import BEHAVIOURS, DOI, JSON, Registry, crossref_work, send

from pubkit.errors import UsageError
from pubkit.references.registries import crossref
from pubkit.references.registries.client import Answer, Client, Endpoints, Patience, Request, Source, SourceDown

REFUSED = set(BEHAVIOURS) - {
    # What these say is for the registry modules to judge: the transport is in order.
    "good", "wrong title", "404", "empty", "not JSON", "deep JSON", "duplicate keys", "NaN", "huge int", "BOM", "latin-1",
}  # fmt: skip


class Waits:
    """Stands in for waiting: notes how long the client would have waited."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


def ask(registry: Registry, *requests: Request, patience: Patience | None = None, **options: Any) -> list[Answer | str]:
    """What the client answers to each request, or why the source counts as down."""

    async def run() -> list[Answer | str]:
        answers: list[Answer | str] = []
        async with Client(
            registry.endpoints, patience=patience or Patience(), **{"sleep": Waits(), **options}
        ) as client:
            for request in requests:
                try:
                    answers.append(await client.ask(request))
                except SourceDown as down:
                    answers.append(down.reason)
        return answers

    return asyncio.run(run())


def test_a_good_answer_arrives_whole(registry: Registry) -> None:
    registry.hold(crossref_work())
    (answer,) = ask(registry, crossref.request(DOI))
    assert isinstance(answer, Answer)
    assert answer.status == 200
    assert crossref.read(answer.body, DOI).item.volume == "29"


@pytest.mark.parametrize("behaviour", sorted(REFUSED))
def test_a_bad_answer_means_that_the_source_was_not_asked(registry: Registry, behaviour: str) -> None:
    registry.behave("crossref", behaviour)
    patience = Patience(deadline=0.4 if behaviour == "drip" else 20.0)
    (answer,) = ask(registry, crossref.request(DOI), patience=patience)
    assert isinstance(answer, str)
    assert answer


@pytest.mark.parametrize("behaviour", ["3 GB", "gzip bomb"])
def test_an_endless_answer_takes_little_memory(registry: Registry, behaviour: str) -> None:
    registry.behave("crossref", behaviour)
    tracemalloc.start()
    ask(registry, crossref.request(DOI), patience=Patience(attempts=1))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 16_000_000


def test_an_answer_packed_with_gzip_is_unpacked(registry: Registry) -> None:
    def packed(_registry: Registry, handler: BaseHTTPRequestHandler, _path: str) -> None:
        send(handler, 200, JSON, gzip.compress(b'{"a": 1}'), {"Content-Encoding": "gzip"})

    registry.behave("crossref", packed)
    (answer,) = ask(registry, crossref.request(DOI))
    assert isinstance(answer, Answer)
    assert answer.body == b'{"a": 1}'


def test_three_tries_are_made_and_the_waits_grow(registry: Registry) -> None:
    registry.behave("crossref", "500")
    waits = Waits()
    ask(registry, crossref.request(DOI), sleep=waits)
    assert len(registry.requests) == 3
    pauses = [seconds for seconds in waits.seconds if seconds >= 0.5]
    assert len(pauses) == 2
    assert 0.5 <= pauses[0] <= 1.0 <= pauses[1] <= 2.0


def test_retry_after_is_honoured_up_to_a_cap(registry: Registry) -> None:
    registry.behave("crossref", "429 with Retry-After")
    waits = Waits()
    ask(registry, crossref.request(DOI), sleep=waits)
    assert waits.seconds.count(5.0) == 2
    waits = Waits()
    ask(registry, crossref.request(DOI), sleep=waits, patience=Patience(retry_after_most=3.0))
    assert waits.seconds.count(3.0) == 2


def test_an_answer_that_comes_at_the_second_try_counts(registry: Registry) -> None:
    def once_busy(server: Registry, handler: BaseHTTPRequestHandler, path: str) -> None:
        if len(server.requests) == 1:
            send(handler, 429, "text/plain", b"", {"Retry-After": "7"})
        else:
            server.good(handler, path)

    registry.hold(crossref_work())
    registry.behave("crossref", once_busy)
    waits = Waits()
    (answer,) = ask(registry, crossref.request(DOI), sleep=waits)
    assert isinstance(answer, Answer)
    assert 7.0 in waits.seconds


def test_a_source_that_fails_three_times_is_left_alone(registry: Registry) -> None:
    registry.behave("crossref", "503")
    answers = ask(registry, *[crossref.request(f"10.1000/{number}") for number in range(6)])
    assert len(registry.requests) == 9
    assert set(answers) == {"it answered with status 503"}


def test_a_source_that_answers_403_is_not_asked_again(registry: Registry) -> None:
    registry.put("/crossref/works/10.1000/a", b"", "text/plain", 403)
    ask(registry, crossref.request("10.1000/a"), crossref.request("10.1000/b"))
    assert registry.paths() == ["/crossref/works/10.1000/a"]


def test_one_source_that_is_down_does_not_stop_the_others(registry: Registry) -> None:
    registry.behave("crossref", "reset")
    registry.put("/doi/doiRA/10.1000/a", b"[]")
    other = Request(Source.DOI, ("doiRA", "10.1000/a"), {})
    answers = ask(registry, *[crossref.request("10.1000/a")] * 4, other)
    assert isinstance(answers[-1], Answer)


def test_the_pace_that_a_host_states_is_kept(registry: Registry) -> None:
    def paced(_registry: Registry, handler: BaseHTTPRequestHandler, _path: str) -> None:
        send(handler, 200, JSON, b"{}", {"X-Rate-Limit-Limit": "1", "X-Rate-Limit-Interval": "3s"})

    registry.behave("crossref", paced)
    waits = Waits()
    ask(registry, *[crossref.request(DOI)] * 4, sleep=waits, clock=lambda: 100.0)
    assert waits.seconds == pytest.approx([0.2, 3.2, 6.2])


def test_a_host_that_asks_for_one_request_at_a_time_gets_that(registry: Registry) -> None:
    under_way: list[int] = [0, 0]
    met = threading.Event()

    def single(_registry: Registry, handler: BaseHTTPRequestHandler, _path: str) -> None:
        under_way[0] += 1
        under_way[1] = max(under_way)
        if under_way[1] > 1:
            met.set()
        met.wait(0.05)
        under_way[0] -= 1
        send(handler, 200, JSON, b"{}", {"X-Concurrency-Limit": "1"})

    async def run() -> None:
        async with Client(registry.endpoints, sleep=Waits()) as client:
            await client.ask(crossref.request(DOI))
            await asyncio.gather(*(client.ask(crossref.request(DOI)) for _ in range(4)))

    registry.behave("crossref", single)
    asyncio.run(run())
    assert under_way == [0, 1]


@pytest.mark.parametrize("location", ["", "//127.0.0.1:9/x", "https://127.0.0.1/x", "file:///etc/passwd"])
def test_a_redirect_to_anywhere_else_is_not_followed(registry: Registry, location: str) -> None:
    def moved(_registry: Registry, handler: BaseHTTPRequestHandler, _path: str) -> None:
        send(handler, 302, JSON, b"", {"Location": location})

    registry.behave("crossref", moved)
    (answer,) = ask(registry, crossref.request(DOI))
    assert "redirect" in str(answer)
    assert len(registry.requests) == 1


def test_a_redirect_that_cannot_be_read_is_no_answer(registry: Registry) -> None:
    def moved(_registry: Registry, handler: BaseHTTPRequestHandler, _path: str) -> None:
        send(handler, 302, JSON, b"", {"Location": "http://[::"})

    registry.behave("crossref", moved)
    (answer,) = ask(registry, crossref.request(DOI))
    assert isinstance(answer, str)


def test_nothing_is_written_to_the_terminal(registry: Registry, capfd: pytest.CaptureFixture[str]) -> None:
    registry.behave("crossref", "500")
    ask(registry, crossref.request(DOI))
    assert capfd.readouterr() == ("", "")


def test_the_contact_is_named_and_proxies_of_the_environment_are_not_used(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    registry.hold(crossref_work())
    (answer,) = ask(registry, crossref.request(DOI), contact="editor@example.org")
    assert isinstance(answer, Answer)
    assert "mailto:editor@example.org" in registry.requests[0][2]["user-agent"]


@pytest.mark.parametrize("contact", ["me@example.org\r\nX: y", "nobody", "a@b", ""])
def test_a_contact_that_is_no_address_is_refused(registry: Registry, contact: str) -> None:
    with pytest.raises(UsageError):
        ask(registry, contact=contact)


@pytest.mark.parametrize(
    "doi",
    ["10.1000/../../../etc", "10.1000/x?y=1#z", "10.1000/a@evil.example", "10.1000/%2e%2e/a b", "10.1000/\r\nX: y"],
)
def test_an_identifier_stays_one_segment_of_the_path(registry: Registry, doi: str) -> None:
    ask(registry, crossref.request(doi), patience=Patience(attempts=1))
    assert registry.paths() == [f"/crossref/works/{doi}"]


@pytest.mark.parametrize(
    "url",
    [
        "http://api.crossref.org", "file:///etc/passwd", "https://user:secret@api.crossref.org", "https://api.crossref.org?x=1",
        "https:///works", "http://169.254.169.254", "http://127.0.0.1.example.org", "ftp://127.0.0.1",
    ],
)  # fmt: skip
def test_a_base_url_is_https_or_loopback(url: str) -> None:
    with pytest.raises(UsageError):
        Endpoints(crossref=url)


def test_a_redirect_on_the_same_host_is_followed(registry: Registry) -> None:
    def moved(_registry: Registry, handler: BaseHTTPRequestHandler, path: str) -> None:
        send(handler, 301, JSON, b"", {"Location": "/other/place"})

    registry.put("/other/place", b'{"found": true}')
    registry.behave("crossref", moved)
    (answer,) = ask(registry, crossref.request(DOI))
    assert isinstance(answer, Answer)
    assert answer.body == b'{"found": true}'


def test_a_download_may_be_larger_than_an_answer(registry: Registry) -> None:
    registry.put("/retraction_watch/retraction_watch.csv", b"x" * 5_000_000, "text/csv")

    async def run() -> bytes:
        async with Client(registry.endpoints) as client:
            return await client.download(Request(Source.RETRACTION_WATCH, ("retraction_watch.csv",), {}, ("text/csv",)))

    assert len(asyncio.run(run())) == 5_000_000
