#!/usr/bin/python3
"""Packs a text as NAME.zip and NAME.txt.gz that hold the very same deflate stream.

Usage: pack.py NAME.txt NAME.zip NAME.txt.gz

zlib at level 6, as zip and gzip do by default. The second is the first with gzip's 18 bytes
around it, so that a program that knows only gzip (igzip) inflates exactly what the others do.
"""
import os
import struct
import sys
import zipfile


def pack_zip(text, packed):
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        archive.write(text, os.path.basename(text))


def deflate_of(packed):
    """The raw deflate data of the only member, its CRC-32 and its size (APPNOTE.TXT, 4.3.7)."""
    with zipfile.ZipFile(packed) as archive, open(packed, "rb") as raw:
        member = archive.infolist()[0]
        raw.seek(member.header_offset)
        name_size, extra_size = struct.unpack("<26x2H", raw.read(30))
        raw.seek(name_size + extra_size, os.SEEK_CUR)
        return raw.read(member.compress_size), member.CRC, member.file_size


def pack_gzip(packed, gzipped):
    """RFC 1952: ten bytes before the deflate data, CRC-32 and size behind it."""
    deflate, crc, size = deflate_of(packed)
    with open(gzipped, "wb") as out:
        out.write(b"\x1f\x8b\x08\0\0\0\0\0\0\x03")
        out.write(deflate)
        out.write(struct.pack("<2I", crc, size % 2**32))


if __name__ == "__main__":
    pack_zip(sys.argv[1], sys.argv[2])
    pack_gzip(sys.argv[2], sys.argv[3])
