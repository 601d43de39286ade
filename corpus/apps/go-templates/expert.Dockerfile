FROM golang:1.24-trixie AS builder
WORKDIR /go/src/app
COPY go.mod ./
RUN go mod download
COPY *.go ./
RUN CGO_ENABLED=0 go build -trimpath -ldflags="-s -w" -o guestbook .

FROM debian:trixie-slim
WORKDIR /go/src/app
COPY --from=builder /go/src/app/guestbook ./
COPY templates templates
COPY static static
EXPOSE 8080
CMD ["./guestbook"]
