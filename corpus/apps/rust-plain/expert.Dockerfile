FROM rust:1-bookworm AS builder
WORKDIR /usr/src/primed
COPY Cargo.toml Cargo.lock ./
COPY src src
RUN CARGO_PROFILE_RELEASE_STRIP=symbols cargo build --release --locked

FROM debian:bookworm-slim
WORKDIR /usr/src/primed
COPY --from=builder /usr/src/primed/target/release/primed target/release/primed
ENV PRIMED_PORT=3000
EXPOSE 3000
CMD ["./target/release/primed"]
