FROM python:3.11 AS builder
RUN pip install --no-cache-dir uv
ENV UV_LINK_MODE=copy
WORKDIR /app
COPY pyproject.toml README.md ./
RUN --mount=type=cache,target=/root/.cache/uv uv sync --no-dev --no-install-project
COPY src src
RUN --mount=type=cache,target=/root/.cache/uv uv sync --no-dev --no-editable

FROM python:3.11-slim
WORKDIR /app
COPY --from=builder /app/.venv .venv
EXPOSE 8000
CMD [".venv/bin/uvicorn", "ledger.main:app", "--host", "0.0.0.0", "--port", "8000"]
