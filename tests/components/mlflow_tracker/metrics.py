"""The figures of a run, as in `metrics.json`, made by hand."""

METRICS = {
    "name": "roads",
    "split": "eval",
    "images": 40,
    "num_classes": 2,
    "mean_iou": 1 / 3,
    "pixel_accuracy": 0.1 + 0.2,
    "fw_iou": None,
    "mean_iou_interval": [0.2, 0.4],
    "iou": {"road": 0.7, "bike/rider": 0.1, "car (parked)": None},
    "recall": {"road": 0.9, "bike/rider": 1e-17, "car (parked)": None},
    "confusion": [[7, 1], [0, 5]],
    "slices": [{"slice": {"image/source": "voc: 2012"}, "images": 9, "mean_iou": 0.25, "iou": {"road": 0.5}}],
    "baseline": {
        "state": "found",
        "version": "17",
        "reason": None,
        "images": 40,
        "mean_iou": 0.3,
        "iou": {"road": 0.6},
    },
    "verdict": {
        "blessed": True,
        "pushed": True,
        "version": "1700000123",
        "path": "serving/1700000123",
        "rules": [
            {"passed": True, "sentence": "mean IoU 0.3333 reaches the least of 0.3000 by 0.0333"},
            {"passed": False, "sentence": "IoU of car (parked) is undefined"},
        ],
    },
    "data": {"splits": {"eval": {"images": 40}}, "anomalies": []},
}
FIGURES = {
    "images": 40,
    "num_classes": 2,
    "mean_iou": 1 / 3,
    "pixel_accuracy": 0.1 + 0.2,
    "iou/road": 0.7,
    "iou/bike_rider": 0.1,
    "recall/road": 0.9,
    "recall/bike_rider": 1e-17,
    "baseline/images": 40,
    "baseline/mean_iou": 0.3,
    "slice/image_source/voc_ 2012/images": 9,
    "slice/image_source/voc_ 2012/mean_iou": 0.25,
}
