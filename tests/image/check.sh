#!/bin/sh
# Tries the image as a cluster would run it: not as root, on a disk that is read-only but for /tmp.
#   tests/image/check.sh ENGINE IMAGE
set -eu
engine=$1
image=$2
limit=${LIMIT:-3000000000}  # with CUDA it is 7.5 GB
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
# What tasks have written is theirs: root in a container may remove it, whoever is root outside.
trap '"$engine" run --rm --user 0 --volume "$work:/work" "$image" find /work -mindepth 1 -delete; rmdir "$work"' EXIT

run() { "$engine" run --rm --read-only --tmpfs /tmp --volume "$work:/work" "$@"; }

check() {
    what=$1
    shift
    if "$@" > "$work/said" 2>&1; then
        echo "✓ $what"
    else
        echo "✗ $what"
        cat "$work/said"
        exit 1
    fi
}

small() { test "$("$engine" image inspect --format "{{.Size}}" "$image")" -lt "$limit"; }
answers() { timeout 2 "$engine" run --rm "$image" segpipe --help; }
label() { test -n "$("$engine" image inspect --format "{{index .Config.Labels \"$1\"}}" "$image")"; }
pool() {
    run --volume "$here/worker_pool.py:/worker_pool.py:ro" "$image" sh -c \
        'python -m apache_beam.runners.worker.worker_pool_main --service_port=50000 & python /worker_pool.py'
}

chmod 777 "$work"
mkdir -m 777 "$work/volume"
check "nobody is root" run "$image" sh -c 'test "$(id -u)" -ne 0'
check "no compiler, no sources, no repository" run "$image" sh -c '! command -v g++ && test ! -e /build && test ! -e /.git'
check "segpipe --help within two seconds" answers
check "everybody may write to /tmp" "$engine" run --rm --user 54321:0 "$image" touch /tmp/file
check "healthy, for a user that the image does not know" run --user 54321:0 "$image" python -m kubeflow.healthy
check "less than $limit bytes" small
for name in version revision; do
    check "label $name" label "org.opencontainers.image.$name"
done
check "label TFX" label org.tensorflow.tfx.version
check "the commit is known" run "$image" python -c 'from components.report.commit import commit; assert commit()'
check "serves as Beam's worker pool" pool
check "generates data" run "$image" segpipe shapes --train 24 --val 8 --out /work/volume/data
check "compiles" run --volume "$here/pipeline.yaml:/pipeline.yaml:ro" "$image" \
    segpipe compile /pipeline.yaml --set "kubeflow.image=$image" --out /work/compiled.yaml
echo "every task in a container of its own:"
.venv/bin/segpipe rehearse "$work/compiled.yaml" --store "$work/store" --container "$engine" --mount "segpipe=$work/volume"
