FROM debian:12-slim
WORKDIR /tmp
RUN apt-get update \
    && apt-get download hello \
    && dpkg-deb -x hello_*.deb /opt/hello \
    && rm -rf hello_*.deb /var/lib/apt/lists/*
ENV PATH="/opt/hello/usr/bin:${PATH}"
CMD ["hello"]
