FROM golang:1.24-trixie AS builder
ENV CGO_ENABLED=0
COPY . /src
WORKDIR /src
RUN go build -tags timetzdata -ldflags "-s -w" -o /usr/local/bin/zones ./cmd/zones

FROM scratch
COPY --from=builder /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=builder /usr/local/bin/zones /usr/local/bin/zones
ENTRYPOINT ["/usr/local/bin/zones"]
CMD ["Europe/Berlin"]
