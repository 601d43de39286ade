FROM debian:12-slim
RUN apt-get update && apt-get install -y --no-install-recommends python3 && rm -rf /var/lib/apt/lists/*
RUN groupadd -r reader && useradd -r -g reader -d /library reader
WORKDIR /library
RUN mkdir -p /library/out && chown -R reader:reader /library
COPY --chown=reader:reader . /library/
USER reader
CMD ["python3", "count.py"]
