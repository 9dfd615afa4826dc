"""The names by which the leak guard, its executor and the readers of its findings know things."""

EXAMPLES, FINDINGS = "examples", "findings"  # input and output

# Execution properties.
NEAR_DUPLICATES = "near_duplicates"
DISTANCE = "distance"

# Values of NEAR_DUPLICATES.
WARN, FAIL, IGNORE = "warn", "fail", "ignore"

FILE = "findings.json"
