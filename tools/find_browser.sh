#!/bin/sh
# Prints the path of this machine's Chromium or Chrome, or fails. Snaps do not count: they see no files under /tmp.
mac="${APPLICATIONS:-/Applications}/Google Chrome.app/Contents/MacOS/Google Chrome"
for name in chromium chromium-browser google-chrome google-chrome-stable "$mac"; do
    browser=$(command -v "$name") || continue
    { echo "$browser"; cat "$browser"; } | grep -q /snap/ && continue
    "$browser" --version >/dev/null 2>&1 || continue
    echo "$browser"
    exit
done
exit 1
