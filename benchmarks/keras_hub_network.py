"""keras-hub's DeepLabV3+ on a ResNet-50, as much like ours as its options allow."""

import keras
import keras_hub


def keras_hub_network(input_size: tuple[int, int], num_classes: int) -> keras.Model:
    """From `[B, H, W, 3] float32` to `[B, H, W, C] float32` logits, at output stride 16, not preprocessed.

    keras-hub's ResNet cannot be dilated, and its presets run it at stride 32. The last stage has stride 1 here, without
    dilation, which costs the same, and is named P4 for the segmenter to reckon with stride 16.

    Args:
        input_size: height and width of the images.
        num_classes: C.
    """
    shape = (*input_size, 3)
    encoder = keras_hub.models.ResNetBackbone(
        input_conv_filters=[64],
        input_conv_kernel_sizes=[7],
        stackwise_num_filters=[64, 128, 256, 512],
        stackwise_num_blocks=[3, 4, 6, 3],
        stackwise_num_strides=[1, 2, 2, 1],
        block_type="bottleneck_block",
        image_shape=shape,
    )
    encoder.pyramid_outputs = {"P2": encoder.pyramid_outputs["P2"], "P4": encoder.pyramid_outputs["P5"]}
    backbone = keras_hub.models.DeepLabV3Backbone(
        image_encoder=encoder,
        spatial_pyramid_pooling_key="P4",
        low_level_feature_key="P2",
        upsampling_size=4,
        dilation_rates=[6, 12, 18],
        image_shape=shape,
    )
    return keras_hub.models.DeepLabV3ImageSegmenter(backbone=backbone, num_classes=num_classes)
