"""Executors for tasks that tests run through the entry point, and the command lines that run them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tfx import v1 as tfx
from tfx.dsl.components.base.base_executor import BaseExecutor

from components.origin import origin
from schema.user_error import UserError

MODEL = {"instanceSchema": "title: tfx.Model\ntype: object\n"}
EXAMPLES = {
    "instanceSchema": "title: tfx.Examples\ntype: object\nproperties:\n  span:\n    type: integer\n"
    "  version:\n    type: integer\n  split_names:\n    type: string\n"
}
INPUTS_SPEC = json.dumps(
    {"parameters": {"fault": {"parameterType": "STRING"}, "steps": {"parameterType": "NUMBER_INTEGER"}}}
)


class Make(BaseExecutor):
    """Puts a file, properties and custom properties of every kind into `examples`."""

    def Do(self, input_dict: dict, output_dict: dict, exec_properties: dict[str, Any]) -> None:  # noqa: N802
        if exec_properties["fault"] == "user":
            raise UserError("train-0.tfrecord, record 3: no mask")
        if exec_properties["fault"] == "bug":
            raise ZeroDivisionError("nobody thought of it")
        (examples,) = output_dict["examples"]
        Path(examples.uri, "data.txt").write_text(json.dumps(exec_properties))
        examples.span = 3
        examples.split_names = '["train"]'
        examples.set_string_custom_property("state", "found")
        examples.set_int_custom_property("pushed", 1)
        examples.set_string_custom_property("model_uri", f"{examples.uri}/data.txt")


class Read(BaseExecutor):
    """Writes down what it sees of `examples`."""

    def Do(self, input_dict: dict, output_dict: dict, exec_properties: dict[str, Any]) -> None:  # noqa: N802
        (examples,), (model,) = input_dict["examples"], output_dict["model"]
        seen = {
            "text": Path(examples.uri, "data.txt").read_text(),
            "span": examples.span,
            "split_names": examples.split_names,
            "state": examples.get_string_custom_property("state"),
            "pushed": examples.get_int_custom_property("pushed"),
            "model_uri": examples.get_string_custom_property("model_uri"),
            "origin": origin(examples),
            "tfx_version": examples.get_string_custom_property("tfx_version"),
        }
        Path(model.uri, "seen.json").write_text(json.dumps(seen))


def command(executor: str, executor_input: dict[str, Any], compiled_with: str = tfx.__version__) -> list[str]:
    """Arguments of the entry point, as the compiler and the launcher would give them."""
    return [
        *("--compiled-with", compiled_with),
        *("--executor_class_path", f"tests.kubeflow.executors.{executor}"),
        *("--json_serialized_invocation_args", json.dumps(executor_input)),
        *("--json_serialized_inputs_spec_args", INPUTS_SPEC),
    ]
