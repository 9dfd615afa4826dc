#!/bin/sh
# Starts the containers of compose.yaml, trains in them, and asks them for what they serve. Needs curl, and the ports
# 5000, 8080 and 8500 to 8502.
#   tests/image/check_compose.sh IMAGE docker compose
# WITHOUT=serving leaves TensorFlow Serving out, where its image cannot be had.
set -eu
export SEGPIPE_IMAGE="$1"
shift
command="$*"
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
said=$(mktemp)
trap 'compose --profile server down > /dev/null 2>&1; rm -rf "$work" "$said"' EXIT
owner=$(id -u):$(id -g)
[ "$owner" != 0:0 ] || owner=1234:1234 # nobody in the containers is to be root
export SEGPIPE_USER="$owner" SEGPIPE_DATA="$work/data" SEGPIPE_RUNS="$work/runs"

# shellcheck disable=SC2086 -- words, not a string
compose() { $command --project-name segpipe-check "$@"; }

# Without what it depends on: where there is no systemd, podman calls no container healthy.
run() { compose run --rm --no-deps "$@"; }

check() {
    what=$1
    shift
    if "$@" > "$said" 2>&1; then
        echo "✓ $what"
    else
        echo "✗ $what"
        cat "$said"
        exit 1
    fi
}

read_only() { run --entrypoint touch pipeline "$1" 2>&1 | grep "Read-only file system"; }
get() { curl --silent --show-error --fail "$@"; }
gives() { get "$1" | grep --quiet "$2"; } # URL, and what is in it
header() { curl --silent --head "$1" | grep "^$2"; }

answers() { # URL, within two minutes
    for _ in $(seq 60); do
        get "$1" && return
        sleep 2
    done
    return 1
}

code() { # the expected one, and curl's arguments
    expected=$1
    shift
    test "$(curl --silent --output /dev/null --write-out "%{http_code}" --path-as-is "$@")" = "$expected"
}

# By what it leaves: podman's Docker API may lose the exit code.
trains() {
    run pipeline run configs/shapes.yaml \
        --set model.width=0.35 --set model.input_size=64 --set model.aspp_filters=16 --set model.decoder_filters=16 \
        --set training.steps=12 --set training.batch_size=4 --set evaluation.gate.min_mean_iou=0 \
        --set tracking.mlflow.uri=http://mlflow:5000
    ls "$work"/runs/shapes/serving/*/saved_model.pb
}

logged() {
    api=http://127.0.0.1:5000/api/2.0/mlflow
    id=$(get "$api/experiments/get-by-name?experiment_name=shapes" | tr -d ' \n' | grep -o '"experiment_id":"[0-9]*"' | grep -o '[0-9]*')
    runs=$(get --header "Content-Type: application/json" --data "{\"experiment_ids\": [\"$id\"]}" "$api/runs/search" | tr -d ' \n')
    echo "$runs" | grep '"status":"FINISHED"' | grep '"key":"mean_iou"'
}

segments() { # URL of the model
    printf '{"signature_name": "rest", "instances": [{"b64": "%s"}]}' "$(base64 -w0 docs/report.png)" > "$work/request"
    get --data "@$work/request" "$1:predict" | grep '"b64": *"iVBORw0KGgo' # as a PNG begins
}

mkdir -p "$work/data" "$work/runs/mlflow"
chown -R "$owner" "$work"

check "compose.yaml is understood" compose config --quiet
check "MLflow and nginx start" compose up --detach mlflow reports
check "MLflow answers" answers http://127.0.0.1:5000/health
check "MLflow has its page" gives http://localhost:5000/ "<title>MLflow"
check "MLflow refuses other names" code 403 --header "Host: example.com" http://127.0.0.1:5000/
check "nginx answers" answers http://127.0.0.1:8080/healthz
check "nginx has no report yet" code 404 http://127.0.0.1:8080/shapes/
check "data is generated" run data shapes --train 24 --val 8 --out data/shapes
check "the pipeline cannot write data" read_only data/file
check "the pipeline cannot write configurations" read_only configs/file
check "the pipeline cannot write its own code" read_only /opt/segpipe/file
check "the pipeline trains and pushes" trains
check "what it wrote is the user's" test "$(stat --format %u:%g "$work/runs/shapes/report/index.html")" = "$owner"
check "MLflow has the run" logged
check "nginx has the report" gives http://127.0.0.1:8080/shapes/ "<title>"
check "nginx has its figures" gives http://127.0.0.1:8080/shapes/report/metrics.json '"mean_iou"'
for path in "" shapes/root/ shapes/metadata.sqlite shapes/run.log mlflow/mlflow.db shapes/report/..%2frun.log; do
    check "nginx has no /$path" code 404 "http://127.0.0.1:8080/$path"
done
for line in "Content-Type: text/html" "X-Content-Type-Options: nosniff" "Content-Security-Policy: frame-ancestors" \
    "Cache-Control: no-cache"; do
    check "nginx says $line" header http://127.0.0.1:8080/shapes/ "$line"
done
check "nginx takes nothing" code 405 --data x http://127.0.0.1:8080/shapes/
check "segpipe serve starts" compose --profile server up --detach --no-deps server
check "segpipe serve answers" answers http://127.0.0.1:8502/healthz
check "segpipe serve segments" segments http://127.0.0.1:8502/v1/models/model
if [ "${WITHOUT-}" = serving ]; then
    echo "– TensorFlow Serving was not tried"
else
    check "TensorFlow Serving starts" compose up --detach --no-deps serving
    check "TensorFlow Serving answers" answers http://127.0.0.1:8501/v1/models/shapes
    check "TensorFlow Serving segments" segments http://127.0.0.1:8501/v1/models/shapes
fi
