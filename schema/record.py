"""The record contract: the tf.Example features of one labelled image.

The first group is what DeepLab, DeepLab2 and TF Model Garden write, so their files are read unmodified. The second
is derived by ExampleGen from the decoded pixels, for later stages to validate and slice on; a value stated in a
file is never trusted over the decoded one.
"""

IMAGE = "image/encoded"  # JPEG or PNG bytes; required
MASK = "image/segmentation/class/encoded"  # PNG bytes, one channel of class ids; required
FILENAME = "image/filename"
IMAGE_FORMAT = "image/format"  # jpeg | png
MASK_FORMAT = "image/segmentation/class/format"  # png
SOURCE = "image/source"  # the dataset an image comes from
CHANNELS = "image/channels"

HEIGHT = "image/height"  # pixels
WIDTH = "image/width"  # pixels
CLASSES_PRESENT = "class/present"  # sorted class indices that occur in the mask, void left out
CLASS_PIXELS = "class/pixels"  # [C], the pixels of each class index
VOID_FRACTION = "void/fraction"  # share of void pixels, 0..1
PALETTE_MASK = "mask/palette"  # 1 where the file's mask was a palette PNG, else 0

SIZE = "image/size"  # see `size_name`

# Features that scores can be told apart by.
SLICEABLE = (SOURCE, CLASSES_PRESENT, SIZE, IMAGE_FORMAT, HEIGHT, WIDTH, CHANNELS)

# Not in any file: the trainer feeds it to the Transform graph; >= 0 asks for the augmentation drawn from that seed.
AUGMENT_SEED = "augment/seed"

VOID = 255  # the void (ignore) id in every mask behind ExampleGen
MAX_CLASSES = VOID  # ids 0..254


def size_name(height: int, width: int) -> str:
    """A bucket of image sizes: that of the side of a square with as many pixels."""
    side = (height * width) ** 0.5
    return next(
        (name for limit, name in ((256, "up to 256"), (512, "256 to 512"), (1024, "512 to 1024")) if side <= limit),
        "over 1024",
    )
