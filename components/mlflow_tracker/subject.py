"""What an attempt to log was about."""

from __future__ import annotations

import hashlib


def subject(report_uri: str, settings: str) -> str:
    """Names a report and the settings it is logged by: attempts at the same share it."""
    return f"{report_uri} {hashlib.sha256(settings.encode()).hexdigest()[:16]}"
