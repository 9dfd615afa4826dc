"""What trainings read: two kinds of data, two recipes."""

from typing import NamedTuple

from models.data.augment_settings import AugmentSettings
from models.data.preprocessing import PreprocessingSettings

CLASSES = 21


class Case(NamedTuple):
    """Args:
    size: height and width of the images, in pixels.
    image_format: JPEG or PNG.
    preprocessing: of the training.
    """

    size: tuple[int, int]
    image_format: str
    preprocessing: PreprocessingSettings


_SIMPLE = AugmentSettings(scale=(0.5, 2.0), flip=0.5, crop=True)  # of configs/voc2012.yaml and configs/camvid.yaml
_RICH = _SIMPLE.model_copy(
    update={"rotation": 10.0, "shear": 5.0, "brightness": 0.2, "contrast": 0.2, "saturation": 0.2}
)


def _case(
    size: tuple[int, int],
    image_format: str,
    input_size: tuple[int, int],
    augment: AugmentSettings,
    crop_size: tuple[int, int] | None = None,
) -> Case:
    settings = PreprocessingSettings(input_size=input_size, crop_size=crop_size, num_classes=CLASSES, augment=augment)
    return Case(size, image_format, settings)


CASES = {
    "voc": _case((375, 500), "JPEG", (512, 512), _SIMPLE),
    "voc, rich": _case((375, 500), "JPEG", (512, 512), _RICH),
    "camvid": _case((360, 480), "PNG", (368, 480), _SIMPLE, (192, 256)),
    "camvid, rich": _case((360, 480), "PNG", (368, 480), _RICH, (192, 256)),
}
