FROM python:3.13-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends curl graphviz \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY requirements.txt ./
RUN pip install --no-cache-dir -r requirements.txt
COPY --chmod=755 start.sh ./
COPY data data
COPY atlas atlas
RUN python -m atlas.network
ENV PORT=8000
EXPOSE 8000
HEALTHCHECK CMD curl -fsS http://127.0.0.1:8000/lines || exit 1
CMD ["./start.sh"]
