"""Names of a pushed model's custom properties and of the Pusher's own execution property."""

# Custom properties of the pushed model; the first three are TFX's.
PUSHED, PUSHED_DESTINATION, PUSHED_VERSION = "pushed", "pushed_destination", "pushed_version"
MODEL_URI = "model_uri"  # the candidate it was copied from

LOST = "lost"  # execution property: earlier pushes of the candidate that are gone
