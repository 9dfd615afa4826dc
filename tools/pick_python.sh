#!/bin/sh
# Prints the Python version to use: the newest TFX needs glibc >= 2.39 or macOS on arm64.
if [ "$(uname -sm)" = "Darwin arm64" ]; then
    echo 3.12
    exit
fi
glibc=$(getconf GNU_LIBC_VERSION 2>/dev/null | cut -d ' ' -f 2)
if [ "$(printf '2.39\n%s\n' "${glibc:-0}" | sort -V | head -n 1)" = "2.39" ]; then
    echo 3.12
else
    echo 3.10
fi
