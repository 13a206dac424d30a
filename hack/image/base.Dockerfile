# A base for Node offline: what hack/image/base.ts put together from Debian packages and the Node of npm. No shell, no package manager.
FROM scratch
COPY root/ /
ENV PATH=/usr/local/bin:/usr/bin:/bin SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt
