"""What the compiler writes, with all but the gate and the verdict left out."""


def compiled() -> dict:
    """A PipelineSpec, anew each time."""
    blessing = {"blessing": {"artifactType": {"instanceSchema": "title: tfx.ModelBlessing\ntype: object\n"}}}
    container = {"image": "segpipe:1", "command": ["python", "-m", "kubeflow.entry_point"]}
    return {
        "pipelineInfo": {"name": "shapes"},
        "schemaVersion": "2.1.0",
        "sdkVersion": "tfx-1.16.0",
        "components": {
            "Gate": {"executorLabel": "Gate_executor", "outputDefinitions": {"artifacts": blessing}},
            "Blessed": {"executorLabel": "Blessed_executor", "inputDefinitions": {"artifacts": blessing}},
        },
        "deploymentSpec": {
            "executors": {
                "Gate_executor": {"container": container},
                "Blessed_executor": {"container": {"image": "segpipe:1", "command": ["true"]}},
            }
        },
        "root": {
            "dag": {
                "tasks": {
                    "Gate": {"taskInfo": {"name": "Gate"}, "componentRef": {"name": "Gate"}, "cachingOptions": {}},
                    "Blessed": {
                        "taskInfo": {"name": "Blessed"},
                        "componentRef": {"name": "Blessed"},
                        "dependentTasks": ["Gate"],
                        "inputs": {
                            "artifacts": {
                                "blessing": {
                                    "taskOutputArtifact": {"producerTask": "Gate", "outputArtifactKey": "blessing"}
                                }
                            }
                        },
                        "triggerPolicy": {
                            "condition": "inputs.artifacts['blessing'].artifacts[0].metadata['blessed'] == 1.0"
                        },
                        "cachingOptions": {},
                    },
                }
            }
        },
    }
