# The image with Beam's boot program, which Dataflow and Docker environments of Flink and Spark start workers with.
# Worker pools need none of this: in the plain image, `python -m apache_beam.runners.worker.worker_pool_main`.
#   docker build --file kubeflow/beam.Dockerfile --build-arg IMAGE=segpipe --tag segpipe:beam .
ARG IMAGE=segpipe
ARG BEAM=docker.io/apache/beam_python3.12_sdk:2.77.0

FROM ${BEAM} AS beam

FROM ${IMAGE}
# It asks pip whether Beam is installed.
USER 0
RUN HOME=/root python -m ensurepip
USER 10001:0
COPY --from=beam /opt/apache/beam /opt/apache/beam
ENV RUN_PYTHON_SDK_IN_DEFAULT_ENVIRONMENT=1
ENTRYPOINT ["/opt/apache/beam/boot"]
