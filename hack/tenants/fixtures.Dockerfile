# What scenarios need inside clusters: chart server, OCI registry, fault proxy. hack/tenants/fixtures-image.ts lays the files out.
ARG BASE=docker.io/library/node:26-slim
FROM ${BASE}
COPY app/ /app/
COPY registry/ /usr/bin/
USER 65532:65532
ENTRYPOINT ["/usr/local/bin/node", "--no-warnings", "/app/fixtures/tenants/main.ts"]
