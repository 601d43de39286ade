FROM debian:bookworm-slim AS builder
RUN apt-get update \
    && apt-get install -y --no-install-recommends gcc libc6-dev libyaml-dev make \
    && rm -rf /var/lib/apt/lists/*
COPY src /usr/src/yamlkeys
RUN make -C /usr/src/yamlkeys CFLAGS="-O2 -s"

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends libyaml-0-2 \
    && rm -rf /var/lib/apt/lists/* /var/cache/debconf/*-old /var/log/apt /var/log/dpkg.log
COPY examples /srv/examples
COPY --from=builder /usr/src/yamlkeys/yamlkeys /usr/local/bin/
WORKDIR /srv
ENTRYPOINT ["yamlkeys"]
CMD ["examples/compose.yaml"]
