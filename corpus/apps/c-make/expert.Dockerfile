FROM gcc:12 AS builder
WORKDIR /usr/src/wordd
COPY . .
RUN make CFLAGS="-O2 -s" && make install DESTDIR=/out

FROM debian:bookworm-slim
COPY --from=builder /out/ /
WORKDIR /usr/src/wordd
EXPOSE 7000
CMD ["wordd", "-p", "7000"]
