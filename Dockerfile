# An image whose command is glovepipe, with the programs beside it:
#
#   docker build -t glovepipe .                                    (or podman)
#   docker run --rm --user "$(id -u)" -v "$PWD:/data" glovepipe train -o model train.txt
#   echo 'some text' | docker run --rm -i -v "$PWD:/data" glovepipe predict model
#   docker run --rm -i --entrypoint mp-cat -v "$PWD:/data" glovepipe --lineage model/model.mp
#
# Built from what is here; the image holds what was installed and the libraries that it needs.

FROM debian:trixie-slim AS build
RUN apt-get update && apt-get install -y --no-install-recommends \
    gcc libc6-dev libisal-dev libminizip-dev libmsgpack-c-dev libunistring-dev make pkgconf zlib1g-dev
COPY . /source
RUN make -C /source BUILD=/build CFLAGS=-O2 -j"$(nproc)" all && \
    make -C /source BUILD=/build CFLAGS=-O2 PREFIX=/usr DESTDIR=/stage LIBDIR=/usr/lib install

FROM debian:trixie-slim
RUN apt-get update && apt-get install -y --no-install-recommends \
    libisal2 libminizip1t64 libmsgpack-c2 libunistring5 zlib1g && rm -rf /var/lib/apt/lists/* /var/cache/apt/*
COPY --from=build /stage/usr /usr
RUN useradd --create-home glovepipe && ldconfig
USER glovepipe
WORKDIR /data
ENTRYPOINT ["glovepipe"]
