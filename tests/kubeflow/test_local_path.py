import pytest

from kubeflow.local_path import local_path


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("minio://mlpipeline/v2/model", "/minio/mlpipeline/v2/model"),
        ("s3://bucket/a b/model", "/s3/bucket/a b/model"),
        ("gs://bucket/model", "/gcs/bucket/model"),
        ("/mnt/serving/1", None),
        ("oci://registry/model", None),
    ],
)
def test_the_launchers_folders(uri, path):
    assert local_path(uri) == path


@pytest.mark.parametrize("root", ["/tmp/copies", "/tmp/copies/"])
def test_another_root(root):
    assert local_path("minio://bucket/model", root) == "/tmp/copies/minio/bucket/model"
