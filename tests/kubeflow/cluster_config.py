"""A configuration for a cluster, with every option of `kubeflow` at a value of its own."""

from __future__ import annotations

from pathlib import Path

from pipeline.config import Config, load_config

LEAST = """\
name: roads
run_dir: RUN_DIR
data: {path: data/roads}
model: {weights: none}
evaluation: {gate: {min_mean_iou: 0.5}}
kubeflow:
  image: registry.example.com/segpipe:1
  data: /data/roads
  serving: /models/roads
  checkpoints: /checkpoints/roads
"""
EVERY_OPTION = """\
name: roads
run_dir: RUN_DIR
data: {path: data/roads}
model: {weights: none}
training: {held_out: 0.1, initialize_from: pushed}
tuner: {trials: 4, search: {learning_rate: [0.001, 0.02], class_balance: [0, 0.5, 1]}}
evaluation: {gate: {min_mean_iou: 0.5}}
tracking: {mlflow: {uri: "http://mlflow:5000"}}
bulk_inference: {enabled: true, split: train}
beam:
  options: {direct_num_workers: 2}
  components:
    Transform:
      runner: flink
      options:
        flink_master: flink:8081
        parallelism: 4
        environment_type: EXTERNAL
        environment_config: localhost:50000
kubeflow:
  image: registry.example.com/segpipe:1
  data: gs://bucket/roads/
  serving: /models/roads/
  checkpoints: /checkpoints/roads/
  statistics: /models/roads-statistics/
  pipeline_root: s3://artifacts/segpipe/
  data_version: May 2026
  all:
    cpu: 2
    memory: 8
    node_selector: {example.com/pool: cpu}
    tolerations: [{key: dedicated, value: vision, effect: NoSchedule}]
    secrets: [{secret: mlflow, key: token, env: MLFLOW_TRACKING_TOKEN}]
    volumes: [{claim: models, path: /models/}]
    retries: 2
  components:
    Trainer:
      cpu: 7.5
      memory: 30.5
      gpu: {type: amd.com/gpu, count: 2}
      node_selector: {example.com/pool: gpu, zone: b}
      tolerations:
      - {key: example.com/gpu, operator: Exists, effect: NoExecute, seconds: 3600}
      - {operator: Exists}
      secrets:
      - {secret: store.v1, key: access-key, env: AWS_ACCESS_KEY_ID}
      - {secret: store.v1, key: secret.key, env: AWS_SECRET_ACCESS_KEY}
      volumes:
      - {claim: models, path: /models}
      - {claim: checkpoints, path: /checkpoints}
      retries: 5
    Tuner: {memory: 24, gpu: {count: 3}}
    Evaluator: {memory: 16, gpu: {}}
    Gate: {cache: false, node_selector: {}, tolerations: [], secrets: [], volumes: [], retries: 0}
"""


def cluster_config(folder: Path, text: str = LEAST, *overrides: str) -> Config:
    """Loads such a configuration; `run_dir` is in the folder."""
    file = folder / "cluster.yaml"
    file.write_text(text.replace("RUN_DIR", str(folder / "run")))
    return load_config(file, overrides)
