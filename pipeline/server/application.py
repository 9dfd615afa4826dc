"""The server's paths."""

from __future__ import annotations

import asyncio
import base64
import json
import logging
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from importlib import resources

import numpy as np
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from components.pictures import palette_png
from components.report.page import render_page
from components.segmentation_metrics.mask_ids import mask_ids
from pipeline.prediction.load_model import ModelFault
from pipeline.server.bad_request import BadRequestError
from pipeline.server.check_image import check_image
from pipeline.server.count_answers import CountAnswers
from pipeline.server.metrics import Metrics
from pipeline.server.predict_request import parse_predict_request
from pipeline.server.read_body import read_body
from pipeline.server.served_model import ServedModel, Version
from pipeline.server.settings import ServerSettings

_LOG = logging.getLogger("segpipe.serve")
_Answer = Callable[[bytes, Version], bytes]


def application(served: ServedModel, settings: ServerSettings) -> ASGIApp:
    """Makes the ASGI application.

    `POST /v1/models/NAME:predict` is TensorFlow Serving's (see `predict_request`), and so is `GET /v1/models/NAME`;
    `POST /mask` takes the bytes of one image, for the page at `/`. `/healthz` answers while the server does, and
    `/metrics` is for Prometheus.

    Args:
        served: the model.
        settings: what may be asked for.
    """
    metrics = Metrics()
    script = resources.files("pipeline.server").joinpath("page.js").read_text(encoding="utf-8")
    pool = ThreadPoolExecutor(settings.workers, thread_name_prefix="segment")
    admission = asyncio.Semaphore(settings.admitted)

    def segment(images: list[bytes], version: Version) -> list[bytes]:
        if len(images) > settings.max_images:
            raise BadRequestError(f"a request may have {settings.max_images} images", 413)
        pixels = sum(check_image(image, settings.max_pixels) for image in images)
        if pixels > settings.max_pixels:
            raise BadRequestError(f"{pixels:,} pixels in all; a request may have {settings.max_pixels:,}", 413)
        masks: list[bytes] = []
        for mask in version.segment(images):
            if isinstance(mask, ModelFault):
                raise BadRequestError(mask)
            masks.append(mask)
        metrics.images.inc(len(masks))
        return masks

    def answer_predict(body: bytes, version: Version) -> bytes:
        request = parse_predict_request(body)
        return request.response(segment(request.images, version))

    def answer_page(body: bytes, version: Version) -> bytes:
        (mask,) = segment([body], version)
        ids = np.asarray(mask_ids(mask), np.uint8)
        pixels = np.bincount(ids.ravel(), minlength=len(version.label_map))
        names, colors = version.label_map.names, version.label_map.colors
        classes = [
            {
                "name": names[index],
                "color": "#{:02x}{:02x}{:02x}".format(*colors[index]),
                "share": pixels[index] / ids.size,
            }
            for index in np.argsort(-pixels, kind="stable")
            if pixels[index]
        ]
        drawn = base64.b64encode(palette_png(ids, version.label_map)).decode()
        return json.dumps({"mask": drawn, "classes": classes, "version": version.name}).encode()

    def post(answer: _Answer) -> Callable[[Request], Awaitable[Response]]:
        async def handle(request: Request) -> Response:
            _check_name(request, settings.name, served.version.name)
            with metrics.under_way.track_inprogress():
                async with admission:
                    started = time.monotonic()
                    body = await read_body(request, settings.max_bytes, settings.body_seconds)
                    version = served.version
                    loop = asyncio.get_running_loop()
                    content = await loop.run_in_executor(pool, answer, body, version)
                metrics.seconds.observe(time.monotonic() - started)
            return Response(content, media_type="application/json", headers={"Model-Version": version.name})

        return handle

    async def page(_: Request) -> Response:
        html = render_page("pipeline.server", "server.html.j2", script, name=settings.name, version=served.version.name)
        return HTMLResponse(html)

    async def status(request: Request) -> Response:
        _check_name(request, settings.name, served.version.name)
        state = {"version": served.version.name, "state": "AVAILABLE"}
        state_of = {"model_version_status": [{**state, "status": {"error_code": "OK", "error_message": ""}}]}
        return Response(json.dumps(state_of), media_type="application/json")

    async def healthz(_: Request) -> Response:
        return PlainTextResponse("ok\n")

    async def tell_metrics(_: Request) -> Response:
        metrics.version.clear()
        metrics.version.labels(served.version.name).set(1)
        return Response(generate_latest(metrics.registry), media_type=CONTENT_TYPE_LATEST)

    def refuse(_: Request, error: Exception) -> Response:
        code = error.status if isinstance(error, BadRequestError) else getattr(error, "status_code", 500)
        text = error.detail if isinstance(error, HTTPException) else str(error)
        return Response(json.dumps({"error": text}), status_code=code, media_type="application/json")

    def break_down(_: Request, error: Exception) -> Response:
        _LOG.error("a request was not answered", exc_info=error)
        return Response(json.dumps({"error": "internal error"}), status_code=500, media_type="application/json")

    model = "/v1/models/{name}"
    predict = post(answer_predict)
    starlette = Starlette(
        routes=[
            Route("/", page),
            Route("/mask", post(answer_page), methods=["POST"]),
            Route(f"{model}:predict", predict, methods=["POST"]),
            Route(f"{model}/versions/{{version}}:predict", predict, methods=["POST"]),
            Route(model, status),
            Route("/healthz", healthz),
            Route("/metrics", tell_metrics),
        ],
        exception_handlers={BadRequestError: refuse, HTTPException: refuse, Exception: break_down},
    )
    starlette.router.redirect_slashes = False
    return CountAnswers(starlette, metrics)


def _check_name(request: Request, name: str, version: str) -> None:
    """Raises BadRequestError (404) where a path names another model or version than is served."""
    asked = request.path_params
    if asked.get("name", name) != name:
        raise BadRequestError(f"there is no model of that name, only {name}", 404)
    if asked.get("version", version) != version:
        raise BadRequestError(f"version {version} is served, and no other", 404)
