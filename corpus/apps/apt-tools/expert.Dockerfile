FROM debian:12-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        ca-certificates \
        curl \
        gcc \
        git \
        imagemagick \
        jq \
        libc6-dev \
        make \
        openssh-client \
        rsync \
    && rm -rf /var/lib/apt/lists/*
COPY tools/ /usr/local/bin/
CMD ["check-tools"]
