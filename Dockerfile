# One image for every role: `api` (the default), `worker`, `dispatcher`, `migrate`.
# Every package is pinned with its hash. PostgreSQL and Redis are not in the image: see compose.yaml.

FROM python:3.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /build

# The build's tools come from the lock too, so that building fetches nothing that is not pinned.
COPY requirements.lock requirements-runtime.lock ./
RUN python -m venv tools \
    && tools/bin/pip install --require-hashes --requirement requirements.lock \
    && python -m venv /opt/training-analyzer \
    && /opt/training-analyzer/bin/pip install --require-hashes --requirement requirements-runtime.lock

COPY core core
COPY plugins plugins
RUN tools/bin/pip wheel --no-deps --no-build-isolation --wheel-dir wheels ./core ./plugins/* \
    && /opt/training-analyzer/bin/pip install --no-deps --no-index wheels/*.whl \
    && /opt/training-analyzer/bin/pip check \
    && /opt/training-analyzer/bin/training-analyzer --help > /dev/null


FROM python:3.11-slim-bookworm
RUN groupadd --system --gid 10001 training-analyzer \
    && useradd --system --uid 10001 --gid training-analyzer --no-create-home --shell /usr/sbin/nologin \
        training-analyzer
COPY --from=build /opt/training-analyzer /opt/training-analyzer
COPY LICENSE /usr/share/doc/training-analyzer/LICENSE
ENV PATH="/opt/training-analyzer/bin:$PATH" \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    TRAINING_ANALYZER_API_HOST=0.0.0.0
USER 10001:10001
WORKDIR /tmp
EXPOSE 8000
# For `api`. compose.yaml gives the other roles their own.
HEALTHCHECK --interval=30s --timeout=10s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/api/v1/health/ready', timeout=8)"]
ENTRYPOINT ["training-analyzer"]
CMD ["api"]
