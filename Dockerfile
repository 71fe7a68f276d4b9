# syntax=docker/dockerfile:1
FROM node:26.10.0-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN node scripts/build.ts
# Without what only development needs, and with the packages of optional settings; in the versions of the lockfile.
RUN npm pkg delete devDependencies \
  && npm install --save-prod --no-audit --no-fund ioredis@^6.0.0 @opentelemetry/api@^1.10.0 \
  && npm sbom --sbom-format cyclonedx > sbom.cdx.json

FROM node:26.10.0-bookworm-slim
LABEL org.opencontainers.image.title="runs-gateway" \
  org.opencontainers.image.description="A GraphQL gateway over the Letta runs API" \
  org.opencontainers.image.source="https://github.com/runs-gateway/runs-gateway" \
  org.opencontainers.image.licenses="MIT"
WORKDIR /app
COPY --from=build /app/LICENSE /app/package.json /app/sbom.cdx.json ./
COPY --from=build /app/schema ./schema
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
# For the state file of `watch`.
RUN mkdir /state && chown 65532:65532 /state
USER 65532:65532
ENV HOST=0.0.0.0 PORT=4000
EXPOSE 4000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=10s --start-period=10s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "--disable-sigusr1", "--max-semi-space-size=16", "/app/dist/src/main.js"]
