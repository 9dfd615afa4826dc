"""Segmentation metrics for TFMA, all of them derived from one confusion matrix per slice and model."""
