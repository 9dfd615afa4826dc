"""What Prometheus is told."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, PlatformCollector, ProcessCollector

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """Counts of one server, in a registry of its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        self.requests = Counter("segpipe_requests", "Answers, by status", ["status"], registry=self.registry)
        self.images = Counter("segpipe_images", "Images with a mask", registry=self.registry)
        self.seconds = Histogram(
            "segpipe_request_seconds",
            "From the first byte of a request for masks to its answer",
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.under_way = Gauge(
            "segpipe_requests_under_way", "Requests for masks without an answer", registry=self.registry
        )
        self.version = Gauge("segpipe_model_version", "1 for what is served", ["version"], registry=self.registry)
