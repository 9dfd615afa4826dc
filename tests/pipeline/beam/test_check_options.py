from __future__ import annotations

import pytest

from pipeline.beam.check_options import check_options

POOL = {"environment_type": "EXTERNAL", "environment_config": "localhost:50000"}
SERVICE = {"job_endpoint": "beam.example:8099"}
DATAFLOW = {"project": "p", "region": "r", "temp_location": "gs://t", "sdk_container_image": "i"}


@pytest.mark.parametrize(
    ("runner", "options"),
    [
        ("direct", {}),
        ("direct", {"direct_num_workers": 2}),
        ("portable", {**SERVICE, **POOL}),
        ("portable", {"job_endpoint": "embed", "environment_type": "LOOPBACK"}),
        ("portable", {"job_endpoint": "[::1]:8099", **POOL}),
        ("portable", {**SERVICE, "environment_type": "DOCKER", "environment_config": "registry/image:1"}),
        ("portable", {**SERVICE, "environment_type": "EXTERNAL", "environment_config": '{"url": "localhost:50000"}'}),
        ("portable", {**SERVICE, "environment_type": "DOCKER", "environment_options": ("docker_container_image=i",)}),
        ("flink", {**SERVICE, **POOL}),
        ("flink", {"flink_master": "flink:8081", **POOL}),
        ("spark", {"spark_master_url": "spark://spark:7077", **POOL}),
        ("dataflow", DATAFLOW),
    ],
)
def test_what_may_come_to_a_good_end(runner, options):
    check_options(runner, options)


@pytest.mark.parametrize(
    ("runner", "options", "message"),
    [
        ("portable", {}, "runner portable needs options job_endpoint, environment_type"),
        ("portable", POOL, "runner portable needs options job_endpoint"),
        ("portable", {"job_endpoint": "", **POOL}, "runner portable needs options job_endpoint"),
        ("flink", POOL, "runner flink needs options job_endpoint or flink_master"),
        ("flink", SERVICE, "runner flink needs options environment_type"),
        ("spark", POOL, "runner spark needs options job_endpoint or spark_master_url or spark_rest_url"),
        ("dataflow", {}, "runner dataflow needs options project, region, temp_location, sdk_container_image"),
        ("dataflow", {**DATAFLOW, "region": ""}, "runner dataflow needs options region"),
        ("direct", SERVICE, "runner direct has no job_endpoint: name the runner that is meant"),
        (
            "portable",
            {**SERVICE, "environment_type": "EXTERNAL"},
            "environment_type EXTERNAL needs environment_config: the worker pool's host:port, as the runner's machines "
            "see it",
        ),
        (
            "flink",
            {**SERVICE, "environment_type": "DOCKER"},
            "environment_type DOCKER needs environment_config: the pipeline image",
        ),
        (
            "portable",
            {**SERVICE, **POOL, "environment_type": "POOL"},
            "environment_type should be one of DOCKER, PROCESS, EXTERNAL, LOOPBACK, not POOL",
        ),
    ],
)
def test_what_is_missing_or_foreign_is_named(runner, options, message):
    with pytest.raises(ValueError) as caught:
        check_options(runner, options)
    assert str(caught.value) == message


@pytest.mark.parametrize("address", ["localhost", "http://localhost:8099", "localhost:0", "localhost:70000", "a b:1"])
@pytest.mark.parametrize("name", ["job_endpoint", "environment_config"])
def test_addresses_have_host_and_port(name, address):
    with pytest.raises(ValueError) as caught:
        check_options("portable", {**SERVICE, **POOL, name: address})
    assert str(caught.value) == f"{name} should be host:port, not {address}"
