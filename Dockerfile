# Slim, not root, and nothing of it is written to but the volume.
#   docker build -t nintei .
#   docker run -d --name nintei --init --restart unless-stopped --stop-timeout 60 --read-only --tmpfs /tmp \
#     --cap-drop ALL --security-opt no-new-privileges --ulimit core=0 -v nintei:/nintei/data -e DISCORD_TOKEN nintei
FROM python:3.13-slim AS build
WORKDIR /nintei
COPY requirements.lock ./
# Wheels alone: there is no compiler here, and what a build would fetch has no hash. dkimpy, pure Python, has no wheel.
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --only-binary :all: --no-binary dkimpy --require-hashes -r requirements.lock
COPY pyproject.toml LICENSE ./
COPY bot bot
COPY storage storage
# Readable for the bot's user, whatever the umask was where the files come from.
RUN chmod -R a+rX . && python -m compileall -q bot storage

FROM python:3.13-slim
RUN useradd --uid 10001 --no-create-home nintei && mkdir -p /nintei/data && chown nintei /nintei/data
WORKDIR /nintei
COPY --from=build /venv /venv
COPY --from=build /nintei ./
# The drawing library wants a folder for its font list; /tmp is the only one there is.
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 MPLCONFIGDIR=/tmp METRICS_PORT=9464 LOG_FORMAT=json
USER nintei
VOLUME /nintei/data
# Wherever METRICS_PORT is set to, and past any proxy that the environment names.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
  CMD ["python", "-c", "import os, sys, http.client; there = http.client.HTTPConnection('127.0.0.1:' + os.environ['METRICS_PORT'], timeout=4); there.request('GET', '/healthz'); sys.exit(there.getresponse().status != 200)"]
ENTRYPOINT ["python", "-m", "bot"]
CMD ["run"]
