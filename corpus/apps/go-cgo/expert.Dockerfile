FROM golang:1.19 AS builder
RUN apt-get update \
    && apt-get install -y --no-install-recommends libsqlite3-dev \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY go.mod *.go ./
COPY store store
RUN --mount=type=cache,target=/root/.cache/go-build \
    go build -trimpath -ldflags="-s -w" -o notes .

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends libsqlite3-0 \
    && rm -rf /var/lib/apt/lists/* /var/cache/debconf/*-old /var/log/apt /var/log/dpkg.log
WORKDIR /app
COPY schema.sql ./
COPY --from=builder /app/notes ./
EXPOSE 8080
CMD ["./notes"]
