# One image for every service of deploy/compose.yaml: the API, the page, the Chroma server, ingest and the MCP server.
# docs/deploy.md says how to build and run it, and what of it is untried.

FROM python:3.11.14-slim-bookworm AS build

# The constraints hold for what builds the wheel, too.
ENV PIP_CONSTRAINT=/src/constraints.txt PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /src
COPY constraints.txt pyproject.toml README.md LICENSE NOTICE app.py ./
COPY .streamlit/config.toml .streamlit/config.toml
COPY evals/corpus evals/corpus
COPY prompts prompts
COPY qa qa
RUN python -m venv /opt/dateline && /opt/dateline/bin/pip install ".[api,app,mcp,postgres]"

FROM python:3.11.14-slim-bookworm

RUN groupadd --gid 10001 dateline \
    && useradd --uid 10001 --gid 10001 --home-dir /data --no-create-home --shell /usr/sbin/nologin dateline \
    && install --directory --owner=10001 --group=10001 --mode=0700 /data
COPY --from=build /opt/dateline /opt/dateline
COPY --chmod=0555 deploy/entrypoint.sh /usr/local/bin/dateline
COPY --chmod=0555 deploy/healthy.py /usr/local/bin/healthy

# Everything that is written is in /data, which is a volume, or in /tmp. The rest can be read-only.
ENV PATH=/opt/dateline/bin:$PATH \
    HOME=/data \
    XDG_DATA_HOME=/data \
    XDG_CACHE_HOME=/tmp \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    ANONYMIZED_TELEMETRY=False
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=4 CMD ["healthy", "http://127.0.0.1:8080/readyz"]
ENTRYPOINT ["dateline"]
CMD ["serve", "--host", "0.0.0.0"]
