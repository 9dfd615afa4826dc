"""The names by which the baseline component, its driver, its executor and its readers know things."""

MODEL, BASELINE = "model", "baseline"  # input and output

# Execution properties.
PUSH_DESTINATION = "push_destination"
SIGNATURE = "signature"
SERVING_NOW = "serving_now"

# Custom properties of the output, strings.
STATE = "state"
VERSION = "version"
REASON = "reason"

# Values of STATE.
FIRST = "first"  # nothing was pushed yet
INCOMPATIBLE = "incompatible"  # something was, and cannot be compared
FOUND = "found"
