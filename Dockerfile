# Parley (the last stage, built by default) and its local speech engine (--target engine). See docs/docker.md.
# `npm run image:check` carries out these instructions without Docker; it knows those used here.

FROM debian:trixie-slim AS build
WORKDIR /app
# npm installs the packages, among them the Node that runs Parley, which needs libatomic1. Debian's own npm is too old.
RUN apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends ca-certificates libatomic1 npm
RUN npm install --global --no-audit --no-fund npm@11.19.1
COPY package.json package-lock.json .npmrc tsconfig.json ./
RUN --mount=type=cache,target=/root/.npm npm install --omit=dev --ignore-scripts --no-save --loglevel=error
COPY scripts scripts
COPY src src
# Downloaded, or built with Debian's compiler and libraries. What it is linked with is installed below by package name.
RUN --mount=type=cache,target=/root/.cache \
    cp "$(node_modules/.bin/node scripts/media-worker.ts)" mediasoup-worker && \
    ldd mediasoup-worker | awk '$2 == "=>" { print $3 }' | xargs -r readlink -f | xargs -r dpkg -S | cut -d: -f1 | sort -u > runtime-packages
RUN node_modules/.bin/node scripts/meeting-page.ts

FROM build AS engine-build
WORKDIR /engine
COPY sandbox/engine sandbox/engine
COPY sandbox/common sandbox/common
COPY --from=build /app/src/clock.ts src/clock.ts
COPY --from=build /app/package-lock.json /app/.npmrc ./
RUN /app/node_modules/.bin/node /app/scripts/image/engine-packages.ts > package.json
RUN --mount=type=cache,target=/root/.npm npm install --ignore-scripts --no-save --loglevel=error

# Its FFmpeg has GPL parts: anyone who passes this image on has to follow the GPL 3.
FROM debian:trixie-slim AS engine
WORKDIR /engine
RUN apt-get update && \
    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends libatomic1 libstdc++6 && \
    rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --user-group --no-create-home parley
COPY --from=engine-build /engine /engine
ENV NODE_ENV=production ENGINE_HOST=0.0.0.0 ENGINE_PORT=8080
USER 10001:10001
EXPOSE 8080
# An answer without a key is a refusal, and an answer.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["node_modules/.bin/node", "-e", "fetch('http://127.0.0.1:' + process.env.ENGINE_PORT).then(() => process.exit(0), () => process.exit(1))"]
CMD ["node_modules/.bin/node", "sandbox/engine/main.ts"]

FROM debian:trixie-slim AS parley
WORKDIR /app
COPY --from=build /app /app
RUN apt-get update && \
    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends libatomic1 libstdc++6 $(cat runtime-packages) && \
    rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --user-group --no-create-home parley && install -d -o parley -g parley /data
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 DATA_DIR=/data MEDIASOUP_WORKER_BIN=/app/mediasoup-worker
USER 10001:10001
VOLUME ["/data"]
EXPOSE 3000
# Alive, not ready: restarting Parley while Slack does not answer would end meetings for nothing.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD ["node_modules/.bin/node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/healthz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# The Node itself, which gets the signals: SIGTERM ends it in order.
CMD ["node_modules/.bin/node", "--max-semi-space-size=2", "src/main.ts"]
