FROM debian:bookworm-slim AS builder
RUN apt-get update \
    && apt-get install -y --no-install-recommends cmake g++ libjsoncpp-dev make \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY CMakeLists.txt ./
COPY src src
RUN cmake -B build -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_FLAGS_RELEASE="-O2 -s" && cmake --build build --parallel

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends libjsoncpp25 \
    && rm -rf /var/lib/apt/lists/* /var/cache/debconf/*-old /var/log/apt /var/log/dpkg.log
WORKDIR /app
COPY data data
COPY --from=builder /app/build/extent build/extent
ENTRYPOINT ["/app/build/extent"]
CMD ["data/parks.json"]
