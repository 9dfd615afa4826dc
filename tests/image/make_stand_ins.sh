#!/bin/sh
# A test aid for machines that reach Debian's archive and PyPI but no registry of images: makes what stands in for the
# images of MLflow and nginx, under the names that compose.yaml has. BASE is one of make_base.sh.
#   BUILD_FLAGS="--network host" tests/image/make_stand_ins.sh BASE [podman|docker]
set -eu
base=$1
engine=${2:-podman}
cd "$(dirname "$0")/../.."
empty=$(mktemp -d)
trap 'rmdir "$empty"' EXIT

build() {
    name=$(sed -n "s/^ *image: \(.*$1.*\)$/\1/p" compose.yaml)
    # shellcheck disable=SC2086 -- words, not a string
    "$engine" build --quiet ${BUILD_FLAGS-} --file - --tag "$name" "$empty"
}

version=$(sed -n "s/^MLFLOW_VERSION := //p" Makefile)
build mlflow << EOF
FROM $base
RUN python3 -m venv /opt/mlflow && /opt/mlflow/bin/pip install --quiet --no-cache-dir mlflow==$version
ENV PATH=/opt/mlflow/bin:/usr/bin:/bin
EOF
build nginx << EOF
FROM $base
RUN apt-get update -qq && apt-get install -qq --no-install-recommends busybox nginx-light \\
    && ln -s /usr/bin/busybox /usr/local/bin/wget
CMD ["nginx", "-g", "daemon off;"]
EOF
