"""The SavedModel contract: the signatures of an exported model."""

IMAGE_SIGNATURE = "serving_default"  # IMAGE_INPUT [N] string, encoded JPEG or PNG images -> MASK_OUTPUT
IMAGE_INPUT = "image_bytes"
EXAMPLE_SIGNATURE = "from_examples"  # EXAMPLE_INPUT [N] string, serialized tf.Examples -> MASK_OUTPUT
EXAMPLE_INPUT = "examples"
MASK_OUTPUT = "mask_png"  # [N] string: one-channel PNGs of class indices, each at its image's own size
# For JSON: of an output so named, TensorFlow Serving makes {"b64": ...}. IMAGE_INPUT -> REST_OUTPUT, as MASK_OUTPUT.
REST_SIGNATURE = "rest"
REST_OUTPUT = "mask_png_bytes"
# For TFX's BulkInferrer, which takes no texts but of two dimensions. EXAMPLE_INPUT -> MASK_OUTPUT [N, 1].
BULK_SIGNATURE = "bulk"
SCORES_SIGNATURE = "scores"  # IMAGE_INPUT -> SCORES_OUTPUT, BOX_OUTPUT
SCORES_OUTPUT = "scores"  # [N, H/4, W/4, C] float32: the probability of each class, H and W those of the model's input
BOX_OUTPUT = "image_box"  # [N, 4] float32, 0..1: top, left, bottom and right of the image within its scores
