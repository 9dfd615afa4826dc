#!/bin/sh
# A test aid for machines that reach Debian's archive but no registry of images: makes a base for kubeflow/Dockerfile,
# Debian 13 with its own Python 3.13 in place of the official Python image. Needs root and debootstrap.
#   tests/image/make_base.sh NAME [podman|docker]
set -eu
name=$1
engine=${2:-podman}
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
# The official image has Python's headers and its venv as well.
debootstrap --variant=minbase --include=ca-certificates,libpython3-dev,python3,python3-venv \
    trixie "$root" http://deb.debian.org/debian
rm -rf "$root"/var/cache/apt/archives/*.deb "$root"/var/lib/apt/lists/* "$root"/usr/share/doc "$root"/usr/share/locale
tar -C "$root" --numeric-owner --create . | "$engine" import - "$name"
