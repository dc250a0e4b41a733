# The gateway as an image. A configuration of your own goes to /app/gateway.yaml:
#   docker build -t onedoor .
#   docker run -p 8080:8080 -v "$PWD/gateway.yaml:/app/gateway.yaml:ro" onedoor

FROM node:24-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --no-audit --no-fund

FROM node:24-bookworm-slim
LABEL org.opencontainers.image.title="onedoor" \
      org.opencontainers.image.description="An API gateway on Fastify, driven by one YAML file" \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.vendor="The Onedoor authors"
# MOCKS=false: the stand-in services are for trying things out and are not in the image.
ENV NODE_ENV=production \
    MOCKS=false
WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY package.json LICENSE gateway.yaml gateway.schema.json ./
COPY bin ./bin
COPY src ./src
COPY plugins ./plugins
COPY vendor ./vendor
# Everything above belongs to root, so the gateway cannot change its own program.
USER node
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s --retries=3 CMD ["node", "bin/onedoor.mjs", "health"]
ENTRYPOINT ["node", "bin/onedoor.mjs"]
CMD ["start"]
