FROM python:3.11 AS requirements
RUN pip install --no-cache-dir poetry poetry-plugin-export
WORKDIR /app
COPY pyproject.toml poetry.lock ./
RUN poetry export --only main -f requirements.txt --output requirements.txt

FROM python:3.11-slim
ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
WORKDIR /app
RUN --mount=type=bind,from=requirements,source=/app/requirements.txt,target=/tmp/requirements.txt \
    pip install --no-cache-dir -r /tmp/requirements.txt
COPY parcels parcels
EXPOSE 8000
CMD ["gunicorn", "-b", "0.0.0.0:8000", "parcels.web:app"]
