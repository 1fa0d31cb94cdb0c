# Slim, not root, and nothing of it is written to but the volume.
#   docker build -t nintei . && docker run -d --read-only --tmpfs /tmp -v nintei:/nintei/data -e DISCORD_TOKEN nintei
FROM python:3.13-slim AS build
WORKDIR /nintei
COPY requirements.lock ./
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements.lock

FROM python:3.13-slim
RUN useradd --uid 10001 --no-create-home nintei && mkdir -p /nintei/data && chown nintei /nintei/data
WORKDIR /nintei
COPY --from=build /venv /venv
COPY pyproject.toml ./
COPY bot bot
COPY storage storage
# The drawing library wants a folder for its font list; /tmp is the only one there is.
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 MPLCONFIGDIR=/tmp METRICS_PORT=9464 LOG_FORMAT=json
USER nintei
VOLUME /nintei/data
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
  CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:9464/healthz', timeout=4)"]
ENTRYPOINT ["python", "-m", "bot"]
CMD ["run"]
