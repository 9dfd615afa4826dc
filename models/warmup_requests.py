"""Requests that TensorFlow Serving makes of a model before it serves it, so that no client waits for the first."""

from __future__ import annotations

import tensorflow as tf
from tensorflow_serving.apis import model_pb2, predict_pb2, prediction_log_pb2

from schema.signatures import IMAGE_INPUT, IMAGE_SIGNATURE, REST_SIGNATURE

FILE = "assets.extra/tf_serving_warmup_requests"  # the name that TensorFlow Serving looks for


def save_warmup_requests(saved_model: str, size: tuple[int, int]) -> None:
    """Writes one request a signature of images into a SavedModel folder, which may be any path `tf.io.gfile` knows.

    Args:
        saved_model: the folder.
        size: height and width of the image that is sent, a grey one.
    """
    image = tf.io.encode_jpeg(tf.fill((*size, 3), tf.constant(127, tf.uint8)))
    path = f"{saved_model}/{FILE}"
    tf.io.gfile.makedirs(path.rsplit("/", 1)[0])
    with tf.io.TFRecordWriter(path) as file:
        for signature in (IMAGE_SIGNATURE, REST_SIGNATURE):
            request = predict_pb2.PredictRequest(model_spec=model_pb2.ModelSpec(signature_name=signature))
            request.inputs[IMAGE_INPUT].CopyFrom(tf.make_tensor_proto([image.numpy()], tf.string))
            log = prediction_log_pb2.PredictionLog(predict_log=prediction_log_pb2.PredictLog(request=request))
            file.write(log.SerializeToString())
