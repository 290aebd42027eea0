"""What the API counts, for Prometheus. No label holds text of a caller, so their number stays small."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from ..model import Answer
from ..version import __version__

MEDIA_TYPE = CONTENT_TYPE_LATEST
_SECONDS = (0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0)


class Metrics:
    """The counters of one application."""

    def __init__(self) -> None:
        registry = self._registry = CollectorRegistry()
        ProcessCollector(registry=registry)  # memory, processor time and open files; only on Linux
        self._requests = Counter(
            "qa_requests", "Requests by method, route and status.", ("method", "route", "status"), registry=registry
        )
        self._seconds = Histogram(
            "qa_request_duration_seconds",
            "Seconds from the first byte of a request to the last of its response.",
            ("route",),
            buckets=_SECONDS,
            registry=registry,
        )
        self._answers = Counter(
            "qa_answers", "Questions by what became of them: answered, partial, abstained, failed or cancelled.",
            ("status",), registry=registry,
        )  # fmt: skip
        self._tokens = Counter("qa_model_tokens", "Tokens of the model by kind.", ("kind",), registry=registry)
        self.under_way = Gauge("qa_jobs", "Jobs that run or wait.", ("kind",), registry=registry)
        info = Gauge("qa_build_info", "The version that runs.", ("version",), registry=registry)
        info.labels(__version__).set(1)

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request that has ended."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def answered(self, answer: Answer) -> None:
        """Count an answer, and the tokens of its model."""
        self._answers.labels(answer.status).inc()
        if usage := answer.provenance.usage:
            self._tokens.labels("input").inc(usage.input)
            self._tokens.labels("output").inc(usage.output)

    def unanswered(self, how: str) -> None:
        """Count a question without an answer: failed or cancelled."""
        self._answers.labels(how).inc()

    def text(self) -> bytes:
        """Return everything in the format of Prometheus."""
        return generate_latest(self._registry)
