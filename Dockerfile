# syntax=docker/dockerfile:1
FROM node:26.10.0-bookworm-slim AS build
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
# The release of Debian pins them.
# hadolint ignore=DL3008
RUN apt-get update && apt-get install -y --no-install-recommends binutils libatomic1
WORKDIR /src
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN node scripts/build.ts && node scripts/bundle.ts
# What the image consists of: Node without symbols, the libraries that it is linked to, and the program.
RUN mkdir -p /out/usr/bin /out/etc /out/tmp /out/state /app/node_modules/.cache \
  && strip -o /out/usr/bin/node node_modules/node/bin/node \
  && ldd /out/usr/bin/node | grep -o '/[^ ]*' | xargs -I{} cp -L --parents {} /out \
  && echo 'hosts: files dns' > /out/etc/nsswitch.conf \
  && echo 'gateway:x:65532:65532::/app:/' > /out/etc/passwd \
  && cp -r bundle/. schema LICENSE /app \
  && chown -R 65532:65532 /app/node_modules /out/state
# As the user of the image: the cache of compiled code is kept by user.
RUN setpriv --reuid=65532 --regid=65532 --clear-groups /out/usr/bin/node scripts/warm-cache.ts /app/dist/src/main.js \
  && cp -a --parents /app /out

FROM scratch
LABEL org.opencontainers.image.title="runs-gateway" \
  org.opencontainers.image.description="A GraphQL gateway over the Letta runs API" \
  org.opencontainers.image.source="https://github.com/runs-gateway/runs-gateway" \
  org.opencontainers.image.licenses="MIT"
COPY --from=build /out/ /
WORKDIR /app
USER 65532:65532
ENV HOST=0.0.0.0 PORT=4000
EXPOSE 4000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["/usr/bin/node", "--max-semi-space-size=16", "/app/dist/src/main.js"]
