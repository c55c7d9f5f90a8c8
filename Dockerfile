FROM rust:1.95-slim AS build
WORKDIR /src
COPY . .
RUN cargo build --release --locked

FROM debian:trixie-slim
COPY --from=build /src/target/release/restante /usr/local/bin/restante
USER nobody
EXPOSE 2525 1025 587 465 8025
ENTRYPOINT ["restante", "--bind", "0.0.0.0"]
