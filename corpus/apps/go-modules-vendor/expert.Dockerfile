FROM golang:1.24 AS builder
WORKDIR /go/src/example.com/scale
ENV CGO_ENABLED=0 GOFLAGS=-mod=vendor
COPY go.mod ./
COPY vendor vendor
COPY cmd cmd
COPY recipe recipe
RUN --mount=type=cache,target=/root/.cache/go-build \
    go vet ./... \
    && go test ./... \
    && go build -trimpath -ldflags="-s -w" -o /usr/local/bin/scale ./cmd/scale

FROM scratch
WORKDIR /go/src/example.com/scale
COPY recipes recipes
COPY --from=builder /usr/local/bin/scale /usr/local/bin/scale
EXPOSE 9000
ENTRYPOINT ["/usr/local/bin/scale"]
CMD ["-listen", ":9000", "-recipes", "recipes"]
