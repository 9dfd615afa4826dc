"""The `compile` subcommand. TFX is imported when it runs, not before."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path


def add_compile_parser(subparsers: argparse._SubParsersAction) -> None:
    """Adds `compile`, with `handler(args) -> int` set: 0."""
    parser = subparsers.add_parser(
        "compile",
        help="compile a pipeline for Kubeflow Pipelines",
        description="Compiles the pipeline of a configuration that has a section kubeflow into one YAML file, and "
        "refuses what the target would not execute. Kubeflow takes the file by upload or kfp's client, Vertex AI as "
        "the template_path of a google.cloud.aiplatform.PipelineJob.",
    )
    parser.add_argument("config", help="a configuration, e.g. configs/shapes-kubeflow.yaml")
    parser.add_argument(
        "--set", action="append", default=[], metavar="KEY.PATH=VALUE", dest="overrides", help="as in segpipe run"
    )
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="YAML file to write or replace")
    parser.add_argument(
        "--target", choices=("kfp", "vertex"), default="kfp", help="open-source Kubeflow (default), or Vertex AI"
    )
    parser.set_defaults(handler=_compile)


def _compile(args: argparse.Namespace) -> int:
    from kubeflow.cluster_settings import cluster_settings
    from pipeline.check_inputs import check_label_map, check_oversample, check_weights
    from pipeline.config import load_config

    config = load_config(args.config, args.overrides)
    cluster_settings(config, args.target)
    label_map = check_label_map(config.data)
    check_oversample(config.training.oversample, label_map)
    check_weights(config.model.weights)
    print(f"compiling {config.name} …", file=sys.stderr)

    from pipeline.quietly import quietly

    with quietly():
        import yaml

        from kubeflow.runner import compile_pipeline
        from pipeline.write_file import write_file

        documents = [document for document in compile_pipeline(config, label_map, args.target) if document]
        write_file(args.out, yaml.safe_dump_all(documents, sort_keys=True))
    tasks = documents[0]["root"]["dag"]["tasks"]
    print(f"{args.out}: {len(tasks)} tasks, all of what {args.target} executes")
    return 0
