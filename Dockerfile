# The images of charter-runner, one target each. They only copy what `make image` has laid out in .kind/image/tree (docs/image.md):
# no command runs in a build, so it needs no network, no shell and no registry, and gives the same bytes wherever it runs.
ARG BASE=docker.io/library/node:26-slim

FROM ${BASE} AS app
# HOME: uid 65532 has no home of its own, and only /tmp can be written.
# NODE_COMPILE_CACHE: comes with the image and is only read.
# CHARTER_LOG: two streams would come out of order in the log of a Pod.
ENV HOME=/tmp \
    NODE_ENV=production \
    NODE_COMPILE_CACHE=/app/compiled \
    NODE_COMPILE_CACHE_PORTABLE=1 \
    CHARTER_CONFIG=/etc/charter/charter.yaml \
    CHARTER_OUT=/tmp/charter-out \
    CHARTER_LOG=stdout
WORKDIR /app
USER 65532:65532
ENTRYPOINT ["/usr/local/bin/node", "--no-warnings", "/app/runner/cli/charter.mjs"]

# What changes seldom comes first, so that a changed campaign leaves the packages as they are.
FROM app AS runner
COPY .kind/image/tree/runner/package.json /app/package.json
COPY .kind/image/tree/runner/node_modules /app/node_modules
COPY .kind/image/tree/runner/runner /app/runner
COPY .kind/image/tree/runner/suites /app/suites
COPY .kind/image/tree/runner/compiled /app/compiled
LABEL org.opencontainers.image.title="akko-charter-runner" \
      org.opencontainers.image.licenses="Apache-2.0"
CMD ["run"]

FROM runner AS platform
COPY .kind/image/tree/runner/fixtures /app/fixtures
LABEL org.opencontainers.image.title="akko-reference-platform"
CMD ["platform"]

# Node and a handful of files: it runs in every Pod of a world that `charter network run` builds (docs/network.md).
FROM ${BASE} AS probe
COPY .kind/image/tree/probe/package.json /app/package.json
COPY .kind/image/tree/probe/runner /app/runner
WORKDIR /app
USER 65532:65532
LABEL org.opencontainers.image.title="charter-probe" \
      org.opencontainers.image.licenses="Apache-2.0"
ENTRYPOINT ["/usr/local/bin/node", "--no-warnings", "/app/runner/network/probe/main.ts"]

# What may change a cluster: the runner, the Kubernetes client and helm.
FROM app AS harness
COPY .kind/image/tree/harness/bin /usr/local/bin
COPY .kind/image/tree/harness/package.json /app/package.json
COPY .kind/image/tree/harness/node_modules /app/node_modules
COPY .kind/image/tree/harness/runner /app/runner
COPY .kind/image/tree/harness/suites /app/suites
COPY .kind/image/tree/harness/compiled /app/compiled
LABEL org.opencontainers.image.title="charter-harness" \
      org.opencontainers.image.licenses="Apache-2.0"
CMD ["run"]

FROM harness AS tenant-operator
LABEL org.opencontainers.image.title="tenant-operator"
CMD ["operator", "tenants"]
