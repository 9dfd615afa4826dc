"""The names by which the guard, its driver and its executor know things."""

EXAMPLES, STATISTICS, SCHEMA, ANOMALIES = "examples", "statistics", "schema", "anomalies"  # inputs

# Execution properties.
LABEL_MAP = "label_map"
KEPT = "kept"
COMPARED_WITH = "compared_with"

TRAIN = "train"  # the split that the others, and later data, are compared with
