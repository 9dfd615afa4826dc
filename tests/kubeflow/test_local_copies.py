"""URIs become paths for TFX and URIs again for the launcher."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest

from kubeflow.local_copies import LocalCopies


def executor_input(root: str = "minio://bucket/v2", output_file: str = "/out/output_metadata.json") -> dict:
    return {
        "inputs": {
            "parameterValues": {"push_destination": "/mnt/serving"},
            "artifacts": {
                "model": {"artifacts": [{"name": "7", "uri": f"{root}/Trainer/model", "metadata": {"steps": 3.0}}]},
                "schema": {"artifacts": [{"name": "8", "uri": "/mnt/schema"}]},
            },
        },
        "outputs": {
            "artifacts": {"blessing": {"artifacts": [{"name": "blessing", "uri": f"{root}/Gate/blessing"}]}},
            "outputFile": output_file,
        },
    }


@pytest.mark.parametrize(
    ("root", "folder"),
    [("minio://bucket/v2", "minio/bucket/v2"), ("s3://bucket/v2", "s3/bucket/v2"), ("gs://bucket/v2", "gcs/bucket/v2")],
)
def test_tfx_gets_paths_and_the_origin_of_inputs(root, folder, tmp_path):
    given = executor_input(root)
    before = copy.deepcopy(given)
    seen = LocalCopies(given, str(tmp_path)).executor_input
    (model,), (schema,) = (seen["inputs"]["artifacts"][key]["artifacts"] for key in ("model", "schema"))
    assert model["uri"] == f"{tmp_path}/{folder}/Trainer/model"
    assert model["metadata"] == {"steps": 3.0, "store_uri": f"{root}/Trainer/model"}
    assert schema == {"name": "8", "uri": "/mnt/schema"}
    assert seen["outputs"]["artifacts"]["blessing"]["artifacts"] == [
        {"name": "blessing", "uri": f"{tmp_path}/{folder}/Gate/blessing"}
    ]
    assert seen["inputs"]["parameterValues"] == given["inputs"]["parameterValues"] and given == before


def test_the_launcher_gets_uris_in_properties_too():
    copies = LocalCopies(executor_input())
    metadata = {
        "current_model_uri": "/minio/bucket/v2/Trainer/model",
        "best": "/minio/bucket/v2/Trainer/model/Format-Serving",
        "other": "/minio/bucket/v2/Trainer/models",
        "pushed_destination": "/mnt/serving/17",
        "blessed": 1.0,
    }
    blessing = {"name": "blessing", "uri": "/minio/bucket/v2/Gate/blessing", "metadata": metadata}
    said = {"artifacts": {"blessing": {"artifacts": [blessing]}}, "parameterValues": {"answer": 42.0}}
    before = copy.deepcopy(said)
    assert copies.restore(said) == {
        "artifacts": {
            "blessing": {
                "artifacts": [
                    {
                        "name": "blessing",
                        "uri": "minio://bucket/v2/Gate/blessing",
                        "metadata": metadata
                        | {
                            "current_model_uri": "minio://bucket/v2/Trainer/model",
                            "best": "minio://bucket/v2/Trainer/model/Format-Serving",
                        },
                    }
                ]
            }
        },
        "parameterValues": {"answer": 42.0},
    }
    assert said == before


def test_output_folders_are_made_and_no_others(tmp_path):
    LocalCopies(executor_input(), str(tmp_path)).make_folders()
    assert [path for path in tmp_path.rglob("*") if not list(path.iterdir())] == [
        tmp_path / "minio/bucket/v2/Gate/blessing"
    ]


def test_where_no_launcher_makes_copies_nothing_is_changed():
    given = executor_input("gs://bucket/v2", "gs://bucket/v2/executor_output.json")
    copies = LocalCopies(given)
    copies.make_folders()
    assert copies.executor_input == given and not Path("gs:").exists()
    said = {"artifacts": {"blessing": {"artifacts": [{"uri": "gs://bucket/v2/Gate/blessing"}]}}}
    assert copies.restore(said) == said


def test_beam_workers_elsewhere_read_and_write_the_bucket_itself():
    given = executor_input("gs://bucket/v2")
    copies = LocalCopies(given, remote_beam=True)
    copies.make_folders()
    assert copies.executor_input["inputs"] == given["inputs"]
    assert copies.executor_input["outputs"] == {
        "artifacts": given["outputs"]["artifacts"],
        "outputFile": "gs://bucket/v2/Gate/output_metadata.json",
    }


def test_what_beam_workers_cannot_open_stays_a_copy():
    seen = LocalCopies(executor_input(), remote_beam=True).executor_input
    assert seen["inputs"]["artifacts"]["model"]["artifacts"][0]["uri"] == "/minio/bucket/v2/Trainer/model"
    assert seen["outputs"]["outputFile"] == "/out/output_metadata.json"
