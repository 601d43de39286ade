FROM python:3.11 AS wheels
COPY requirements.txt ./
RUN pip wheel --no-cache-dir --wheel-dir /wheels -r requirements.txt

FROM python:3.11-slim AS base
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpq5 \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /srv
RUN --mount=type=bind,from=wheels,source=/wheels,target=/wheels pip install --no-cache-dir /wheels/*.whl

FROM base AS test
COPY requirements.txt requirements-test.txt ./
RUN pip install --no-cache-dir -r requirements-test.txt
COPY orders orders
COPY tests tests
CMD ["python", "-m", "pytest", "-q", "-p", "no:cacheprovider"]

FROM base AS worker
COPY orders orders
CMD ["python", "-m", "orders.worker"]

FROM base AS api
COPY orders orders
EXPOSE 8000
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "orders.api"]
