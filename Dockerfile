# Two stages: the toolchain stays behind, the image holds one binary and the certificates it checks S3 and PostgreSQL with.
FROM rust:1.95-bookworm AS build
# nasm makes decoding photos a third faster.
RUN apt-get update && apt-get install --yes --no-install-recommends nasm && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN cargo build --release --locked --package crm-server

FROM debian:bookworm-slim
RUN apt-get update \
 && apt-get install --yes --no-install-recommends ca-certificates \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --create-home --home-dir /var/lib/crm crm
COPY --from=build /src/target/release/crm /usr/local/bin/crm
USER crm
WORKDIR /var/lib/crm
ENV CRM_LISTEN=0.0.0.0:8080
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=6s --start-period=10s CMD ["crm", "health"]
ENTRYPOINT ["crm"]
CMD ["serve"]
