"""Training samples as one HTML page."""

from __future__ import annotations

from collections.abc import Sequence

from components.pictures import overlay_thumbnail
from components.report.page import render_page
from pipeline.config import Config
from pipeline.show.picture_side import picture_side
from pipeline.show.training_samples import TrainingSample, View
from schema.label_map import LabelMap


def render_training(config: Config, label_map: LabelMap, samples: Sequence[TrainingSample]) -> str:
    """A self-contained page: each record plain and augmented, under its mask's colours.

    Returns:
        HTML that requests nothing from anywhere and runs no script. All texts are escaped.
    """
    side = picture_side(sum(1 + len(sample.augmented) for sample in samples))

    def picture(view: View) -> str:
        return overlay_thumbnail(*view, label_map, side)

    height, width = config.model.input_size
    return render_page(
        "pipeline.show",
        "training_samples.html.j2",
        name=config.name,
        size=f"{width}×{height}",
        augment=config.augment.model_dump(exclude_defaults=True, mode="json"),
        seed=config.seed,
        legend=[
            (name, "#{:02x}{:02x}{:02x}".format(*color))
            for name, color in zip(label_map.names, label_map.colors, strict=True)
        ],
        samples=[
            (sample.filename, picture(sample.plain), [picture(view) for view in sample.augmented]) for sample in samples
        ],
    )
