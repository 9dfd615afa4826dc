"""The SavedModel contract: the signatures of an exported model."""

IMAGE_SIGNATURE = "serving_default"  # IMAGE_INPUT [N] string, encoded JPEG or PNG images -> MASK_OUTPUT
IMAGE_INPUT = "image_bytes"
EXAMPLE_SIGNATURE = "from_examples"  # EXAMPLE_INPUT [N] string, serialized tf.Examples -> MASK_OUTPUT
EXAMPLE_INPUT = "examples"
MASK_OUTPUT = "mask_png"  # [N] string: one-channel PNGs of class indices, each at its image's own size
