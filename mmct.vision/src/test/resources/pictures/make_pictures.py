#!/usr/bin/env python3
"""Makes the pictures beside it, and table.csv and expected.rgb.gz: what Pillow reads out of them.

    make_pictures.py [FOLDER of cjpeg, jpegtran and cwebp]

Needs pillow, numpy, tifffile and imagecodecs, libjpeg-turbo's cjpeg and jpegtran, and libwebp's cwebp. Made with Pillow 13.0,
libjpeg-turbo 3.2, libwebp 1.6 and libtiff 4.7. The build needs none of them: it reads what is kept here.

table.csv has a line for each picture: its name, the size upright, how far a sample may be off at most and on average,
and why. A picture with no size is refused, with the words that stand there. expected.rgb.gz holds the pixels of all lines
one after the other, as red, green, blue.
"""
import csv
import gzip
import io
import os
import struct
import subprocess
import sys
import tempfile
import warnings
import zlib

import imagecodecs
import numpy as np
import tifffile
from PIL import Image, ImageCms, ImageOps

warnings.simplefilter("ignore")
HERE = os.path.dirname(os.path.abspath(__file__))
TOOLS = sys.argv[1] if len(sys.argv) > 1 else "/usr/bin"
WIDTH, HEIGHT = 29, 21
rows, expected = [], []

EXACT = (0, 0, "the same arithmetic")
ROUNDED = (1, 0.6, "rounding of opacity, depth or inks")
JPEG = (3, 0.6, "colour conversion and upsampling in whole numbers")


def rgb(image):
    """What the program should make of a picture, by Pillow. The same lines stand in docs/encoders.md."""
    image = ImageOps.exif_transpose(image)
    if image.mode.startswith("I;16"):
        image = Image.fromarray(((np.asarray(image, np.uint32) * 255 + 32767) // 65535).astype(np.uint8))
    elif image.mode == "F":
        image = Image.fromarray((np.clip(np.asarray(image), 0, 1) * 255 + 0.5).astype(np.uint8))
    if image.has_transparency_data:
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    return np.asarray(image.convert("RGB"))


def profile(space):
    """A profile whose date is 0, so that the same bytes are made every time."""
    content = ImageCms.ImageCmsProfile(ImageCms.createProfile(space)).tobytes()
    return content[:24] + bytes(12) + content[36:]


def photo(width=WIDTH, height=HEIGHT):
    """Smooth colours with two hard edges: [height, width, 3]."""
    y, x = np.mgrid[0:height, 0:width]
    red = 30 + 200 * x / max(1, width - 1)
    green = 30 + 200 * y / max(1, height - 1)
    blue = 120 + 80 * np.sin((x + 2 * y) / 5)
    picture = np.stack([red, green, blue], -1)
    picture[height // 3 : height // 2, width // 4 : width // 2] = (200, 40, 60)
    picture[2 * height // 3 :, 3 * width // 4 :] = (20, 60, 210)
    return picture.astype(np.uint8)


PHOTO = photo()
GREY = np.asarray(Image.fromarray(PHOTO).convert("L"))
SLOPE = np.linspace(0, 255, WIDTH * HEIGHT).reshape(HEIGHT, WIDTH).round().astype(np.uint8)
INKS = np.asarray(Image.fromarray(PHOTO).convert("CMYK")).copy()
INKS[..., 3] = SLOPE // 2


def add(name, content, tolerance, pixels=None):
    """Keeps a picture, and what is right: Pillow's pixels, or those given where Pillow has none."""
    with open(os.path.join(HERE, name), "wb") as file:
        file.write(content)
    if pixels is None:
        pixels = rgb(Image.open(io.BytesIO(content)))
    assert pixels.dtype == np.uint8 and pixels.shape[2] == 3, (name, pixels.dtype, pixels.shape)
    expected.append(pixels.tobytes())
    rows.append([name, pixels.shape[1], pixels.shape[0], *tolerance])


def refuse(name, content, words):
    with open(os.path.join(HERE, name), "wb") as file:
        file.write(content)
    rows.append([name, 0, 0, 0, 0, words])


def saved(image, kind, **options):
    if isinstance(image, np.ndarray):
        image = Image.fromarray(image)
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


# JPEG ------------------------------------------------------------------------------------------------------------


def tool(name, content, *options):
    return subprocess.run([os.path.join(TOOLS, name), *options], input=content, stdout=subprocess.PIPE, check=True).stdout


def segments(jpeg):
    """(marker, position, length with marker) of what stands before the first scan."""
    at = 2
    while jpeg[at + 1] != 0xDA:
        length = 2 + struct.unpack(">H", jpeg[at + 2 : at + 4])[0]
        yield jpeg[at + 1], at, length
        at += length


def without(jpeg, marker):
    out, last = b"", 0
    for kind, at, length in segments(jpeg):
        if kind == marker:
            out, last = out + jpeg[last:at], at + length
    return out + jpeg[last:]


def with_segment(jpeg, marker, content):
    return jpeg[:2] + bytes([0xFF, marker]) + struct.pack(">H", len(content) + 2) + content + jpeg[2:]


def tiff_block(value, kind=3, order="<", offset=8, count=1, before=True):
    """A TIFF header and a directory with an orientation, after a note of the camera's maker."""
    size = {1: "B", 3: "H", 4: "I", 6: "b", 8: "h", 9: "i", 16: "Q"}
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "I", offset)
    entries = []
    if before:
        entries.append(struct.pack(order + "HHI", 0x010F, 2, 4) + b"abc\0")
    end = offset + 2 + 12 * (len(entries) + 1) + 4
    if kind in (5, 10):
        data = struct.pack(order + "I", end)
        tail = struct.pack(order + "II", value, 1)
    else:
        data, tail = struct.pack(order + size[kind] * count, *[value] * count).ljust(4, b"\0"), b""
    entries.append(struct.pack(order + "HHI", 0x0112, kind, count) + data)
    body = struct.pack(order + "H", len(entries)) + b"".join(entries) + b"\0" * 4
    return head + b"\0" * (offset - 8) + body + tail


def exif(jpeg, *arguments, **options):
    return with_segment(jpeg, 0xE1, b"Exif\0\0" + tiff_block(*arguments, **options))


def jpegs():
    plain = saved(PHOTO, "JPEG", quality=90, subsampling=0)
    half = saved(PHOTO, "JPEG", quality=90, subsampling=2)
    add("grey.jpg", saved(GREY, "JPEG", quality=90), JPEG)
    add("444.jpg", plain, JPEG)
    add("422.jpg", saved(PHOTO, "JPEG", quality=90, subsampling=1), JPEG)
    add("420.jpg", half, JPEG)
    ppm = saved(PHOTO, "PPM")
    add("440.jpg", tool("cjpeg", ppm, "-quality", "90", "-sample", "1x2"), JPEG)
    add("411.jpg", tool("cjpeg", ppm, "-quality", "90", "-sample", "4x1"), JPEG)
    add("quality-1.jpg", saved(PHOTO, "JPEG", quality=1), JPEG)
    add("quality-100.jpg", saved(PHOTO, "JPEG", quality=100, subsampling=0), JPEG)
    add("optimised.jpg", saved(PHOTO, "JPEG", quality=90, optimize=True), JPEG)
    add("rgb-adobe.jpg", saved(PHOTO, "JPEG", quality=90, keep_rgb=True), JPEG)
    inks = Image.frombytes("CMYK", (WIDTH, HEIGHT), INKS.tobytes())
    cmyk = saved(inks, "JPEG", quality=90)
    add("cmyk-adobe.jpg", cmyk, JPEG)
    add("cmyk-no-adobe.jpg", without(cmyk, 0xEE), JPEG)
    ycck = imagecodecs.jpeg8_encode(255 - INKS, level=90, colorspace="CMYK", outcolorspace="YCCK", subsampling="444")
    add("ycck.jpg", ycck, JPEG)
    add("cmyk-progressive.jpg", saved(inks, "JPEG", quality=90, progressive=True), JPEG)
    add("progressive.jpg", saved(PHOTO, "JPEG", quality=90, progressive=True), JPEG)
    add("progressive-grey.jpg", saved(GREY, "JPEG", quality=90, progressive=True), JPEG)
    add("restarts.jpg", tool("jpegtran", half, "-restart", "1B"), JPEG)
    add("no-tables.jpg", without(saved(PHOTO, "JPEG", quality=90), 0xC4), JPEG)
    add("profile.jpg", saved(PHOTO, "JPEG", quality=90, icc_profile=profile("LAB")), JPEG)
    add("after-the-end.jpg", half + b"rubbish" * 20, JPEG)
    for width, height in (1, 1), (8, 8), (17, 1), (1, 17), (16, 33):
        add(f"{width}x{height}.jpg", saved(photo(width, height), "JPEG", quality=90), JPEG)
    for value in range(1, 9):
        add(f"orientation-{value}.jpg", exif(half, value), JPEG)
    add("orientation-long.jpg", exif(half, 6, 4), JPEG)
    add("orientation-long-big-endian.jpg", exif(half, 8, 4, ">"), JPEG)
    add("orientation-rational.jpg", exif(half, 5, 5), JPEG)
    add("orientation-signed.jpg", exif(half, 7, 8, ">"), JPEG)
    add("orientation-odd-offset.jpg", exif(half, 6, 3, offset=27), JPEG)
    add("orientation-odd-offset-big-endian.jpg", exif(half, 6, 3, ">", offset=13), JPEG)
    add("orientation-unknown.jpg", exif(half, 9), JPEG)
    add("orientation-xmp.jpg", with_segment(half, 0xE1, b'http://ns.adobe.com/xap/1.0/\0<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description tiff:Orientation="6"/></x:xmpmeta>'), JPEG)
    refuse("arithmetic.jpg", tool("jpegtran", half, "-arithmetic"), "arithmetic coding")
    refuse("arithmetic-progressive.jpg", tool("jpegtran", half, "-arithmetic", "-progressive"), "arithmetic coding")
    refuse("12-bits.jpg", imagecodecs.jpeg8_encode(PHOTO.astype(np.uint16) * 16, bitspersample=12), "12 bits per component")
    refuse("lossless.jpg", imagecodecs.jpeg8_encode(PHOTO, lossless=True), "lossless or hierarchical coding")
    huge = bytearray(tool("cjpeg", saved(GREY[:8, :8], "PPM"), "-quality", "50"))
    at = next(at for kind, at, _ in segments(huge) if kind == 0xC0)
    huge[at + 5 : at + 9] = struct.pack(">HH", 9999, 9999)
    refuse("claims-9999.jpg", bytes(huge), "declares 9999 × 9999 pixels")


# PNG -------------------------------------------------------------------------------------------------------------

PASSES = (0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)


def chunk(kind, content):
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(samples, depth, colour, interlaced=False, chunks=()):
    """samples [height, width] or [height, width, channels] of whole numbers below 2^depth."""
    samples = samples.reshape(*samples.shape[:2], -1)
    height, width, _ = samples.shape

    def lines(part):
        out = b""
        for row in part.reshape(part.shape[0], -1):
            if depth == 16:
                packed = row.astype(">u2").tobytes()
            elif depth == 8:
                packed = row.astype(np.uint8).tobytes()
            else:
                bits = np.stack([(row >> k) & 1 for k in reversed(range(depth))], -1).astype(np.uint8)
                packed = np.packbits(bits.reshape(-1)).tobytes()
            out += b"\0" + packed
        return out

    parts = [samples[y::b, x::a] for x, y, a, b in PASSES] if interlaced else [samples]
    data = b"".join(lines(part) for part in parts if part.size)
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlaced)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + b"".join(chunk(*c) for c in chunks)
            + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b""))


def pngs():
    alpha = np.dstack([PHOTO, SLOPE[::-1]])
    wide = PHOTO.astype(np.uint32) * 257 + (np.arange(WIDTH) * 7)[None, :, None]
    wide = np.minimum(wide, 65535)
    palette = bytes((np.arange(256)[:, None] * np.array([3, 5, 7]) % 256).astype(np.uint8).reshape(-1))
    for depth in 1, 2, 4, 8:
        levels = SLOPE.astype(np.uint32) >> (8 - depth)
        add(f"grey-{depth}.png", png(levels, depth, 0), EXACT)
        entries = palette[: 3 << depth]
        add(f"palette-{depth}.png", png(levels, depth, 3, chunks=[(b"PLTE", entries)]), EXACT)
        add(f"palette-{depth}-opacity.png", png(levels, depth, 3, chunks=[(b"PLTE", entries), (b"tRNS", bytes([0, 90]))]), ROUNDED)
    add("grey-2-interlaced.png", png(SLOPE.astype(np.uint32) >> 6, 2, 0, True), EXACT)
    add("palette-interlaced.png", png(SLOPE.astype(np.uint32), 8, 3, True, [(b"PLTE", palette)]), EXACT)
    add("grey-16.png", png(wide[..., 0], 16, 0), EXACT)
    add("grey-key.png", png(SLOPE.astype(np.uint32), 8, 0, chunks=[(b"tRNS", struct.pack(">H", 77))]), EXACT)
    add("rgb.png", png(PHOTO.astype(np.uint32), 8, 2), EXACT)
    add("rgb-interlaced.png", png(PHOTO.astype(np.uint32), 8, 2, True), EXACT)
    add("rgb-key.png", png(PHOTO.astype(np.uint32), 8, 2, chunks=[(b"tRNS", struct.pack(">HHH", 200, 40, 60))]), EXACT)
    add("rgb-16.png", png(wide, 16, 2), ROUNDED)
    add("grey-opacity.png", png(alpha[..., [0, 3]].astype(np.uint32), 8, 4), ROUNDED)
    add("grey-opacity-16.png", png(np.dstack([wide[..., 0], SLOPE * np.uint32(257)]), 16, 4), ROUNDED)
    add("rgba.png", png(alpha.astype(np.uint32), 8, 6), ROUNDED)
    add("rgba-16.png", png(np.dstack([wide, SLOPE * np.uint32(257)]), 16, 6), ROUNDED)
    add("rgba-interlaced.png", png(alpha.astype(np.uint32), 8, 6, True), ROUNDED)
    add("gamma.png", png(PHOTO.astype(np.uint32), 8, 2, chunks=[(b"gAMA", struct.pack(">I", 100000))]), EXACT)
    add("profile.png", png(PHOTO.astype(np.uint32), 8, 2, chunks=[(b"iCCP", b"x\0\0" + zlib.compress(profile("sRGB")))]), EXACT)
    for value, kind in (6, 3), (3, 4):
        add(f"orientation-{value}.png", png(PHOTO.astype(np.uint32), 8, 2, chunks=[(b"eXIf", tiff_block(value, kind, ">"))]), EXACT)
    block = (b"Exif\0\0" + tiff_block(8)).hex()
    text = f"\nexif\n{len(block) // 2:8}\n{block[:72]}\n{block[72:]}\n".encode()
    name = b"Raw profile type exif\0"
    add("orientation-raw-text.png", png(PHOTO.astype(np.uint32), 8, 2, chunks=[(b"tEXt", name + text)]), EXACT)
    add("orientation-raw-compressed.png", png(PHOTO.astype(np.uint32), 8, 2, chunks=[(b"zTXt", name + b"\0" + zlib.compress(text))]), EXACT)
    packet = b'XML:com.adobe.xmp\0\0\0\0\0<x:xmpmeta xmlns:x="adobe:ns:meta/"><tiff:Orientation>5</tiff:Orientation></x:xmpmeta>'
    add("orientation-xmp.png", png(PHOTO.astype(np.uint32), 8, 2, chunks=[(b"iTXt", packet)]), EXACT)
    add("film.png", saved(Image.fromarray(PHOTO), "PNG", save_all=True, append_images=[Image.fromarray(PHOTO[::-1])]), EXACT)


# GIF -------------------------------------------------------------------------------------------------------------


def gif(frame, palette, canvas=None, at=(0, 0), transparent=None, background=0, local=False, version=b"89a"):
    """One frame of indices [height, width] below 8 on a canvas."""
    height, width = frame.shape
    canvas = canvas or (width, height)
    colours = bytes(palette).ljust(24, b"\0")
    out = b"GIF" + version + struct.pack("<HHBBB", *canvas, 0x70 if local else 0xF2, background, 0)
    out += b"" if local else colours
    if transparent is not None:
        out += b"\x21\xf9\x04\x01\0\0" + bytes([transparent, 0])
    out += b"," + struct.pack("<HHHHB", *at, width, height, 0x82 if local else 0) + (colours if local else b"")
    codes, bits, count = bytearray(), 0, 0
    # Codes of four bits, and a clear code before they would need five.
    sequence = [code for i, index in enumerate(frame.reshape(-1)) for code in ([8] if i % 6 == 0 else []) + [int(index)]] + [9]
    for code in sequence:
        bits, count = bits | code << count, count + 4
        while count >= 8:
            codes.append(bits & 255)
            bits, count = bits >> 8, count - 8
    codes.append(bits & 255)
    out += b"\x03"
    for i in range(0, len(codes), 255):
        out += bytes([len(codes[i : i + 255])]) + bytes(codes[i : i + 255])
    return out + b"\0;"


def gifs():
    colours = [10, 20, 30, 250, 0, 0, 0, 250, 0, 0, 0, 250, 250, 250, 0, 0, 250, 250, 250, 0, 250, 200, 200, 200]
    frame = (np.add.outer(np.arange(11), np.arange(13)) % 8).astype(np.uint8)
    add("plain.gif", gif(frame, colours), EXACT)
    add("87a.gif", gif(frame, colours, version=b"87a"), EXACT)
    add("transparent.gif", gif(frame, colours, transparent=3), EXACT)
    add("smaller.gif", gif(frame, colours, (20, 18), (4, 3)), EXACT)
    add("smaller-background.gif", gif(frame, colours, (20, 18), (4, 3), background=5), EXACT)
    add("smaller-transparent.gif", gif(frame, colours, (20, 18), (4, 3), transparent=2), EXACT)
    add("smaller-local.gif", gif(frame, colours, (20, 18), (7, 7), local=True), EXACT)
    add("larger.gif", gif(frame, colours, (10, 8), (2, 1)), EXACT)
    image = Image.fromarray(PHOTO).quantize(64)
    add("interlaced.gif", saved(image, "GIF", interlace=1), EXACT)
    add("film.gif", saved(image, "GIF", save_all=True, append_images=[image.transpose(Image.Transpose.ROTATE_180)]), EXACT)
    add("grey.gif", saved(GREY, "GIF"), EXACT)


# BMP -------------------------------------------------------------------------------------------------------------


def bmp(header, palette, data):
    start = 14 + len(header) + len(palette)
    return b"BM" + struct.pack("<IHHI", start + len(data), 0, 0, start) + header + palette + data


def info(width, height, bits, compression=0, size=40, colours=0):
    return struct.pack("<IiiHHIIiiII", size, width, height, 1, bits, compression, 0, 0, 0, colours, 0)


def padded(rows):
    return b"".join(row + b"\0" * (-len(row) % 4) for row in rows)


def bmps():
    add("1.bmp", saved(Image.fromarray(SLOPE).convert("1"), "BMP"), EXACT)
    add("grey.bmp", saved(GREY, "BMP"), EXACT)
    add("palette.bmp", saved(Image.fromarray(PHOTO).quantize(200), "BMP"), EXACT)
    add("24.bmp", saved(PHOTO, "BMP"), EXACT)
    add("32.bmp", saved(np.dstack([PHOTO, SLOPE]), "BMP"), ROUNDED)
    flipped = PHOTO[::-1, :, ::-1]
    four = bytes((np.arange(16)[:, None] * np.array([3, 7, 11, 0]) % 256).astype(np.uint8).reshape(-1))
    nibbles = SLOPE[::-1] >> 4
    pairs = np.pad(nibbles, ((0, 0), (0, WIDTH % 2)))
    add("4.bmp", bmp(info(WIDTH, HEIGHT, 4), four, padded((row[::2] << 4 | row[1::2]).astype(np.uint8).tobytes() for row in pairs)), EXACT)
    add("24-top-down.bmp", bmp(info(WIDTH, -HEIGHT, 24), b"", padded(row.tobytes() for row in PHOTO[:, :, ::-1])), EXACT)
    add("24-os2.bmp", bmp(struct.pack("<IHHHH", 12, WIDTH, HEIGHT, 1, 24), b"", padded(row.tobytes() for row in flipped)), EXACT)
    wide = PHOTO[::-1].astype(np.uint16)
    small = (wide[..., 0] >> 3) << 10 | (wide[..., 1] >> 3) << 5 | wide[..., 2] >> 3
    add("16-555.bmp", bmp(info(WIDTH, HEIGHT, 16), b"", padded(row.astype("<u2").tobytes() for row in small)), ROUNDED)
    small = (wide[..., 0] >> 3) << 11 | (wide[..., 1] >> 2) << 5 | wide[..., 2] >> 3
    masks = struct.pack("<III", 0xF800, 0x7E0, 0x1F)
    add("16-565.bmp", bmp(info(WIDTH, HEIGHT, 16, 3), masks, padded(row.astype("<u2").tobytes() for row in small)), ROUNDED)
    runs = b""
    for row in SLOPE[::-1]:
        for value in row:
            runs += bytes([1, value])
        runs += b"\0\0"
    greys = b"".join(bytes([i, i, i, 0]) for i in range(256))
    add("8-runs.bmp", bmp(info(WIDTH, HEIGHT, 8, 1, colours=256), greys, runs + b"\0\1"), EXACT)
    runs = b""
    for row in nibbles:
        for value in row:
            runs += bytes([1, int(value) << 4])
        runs += b"\0\0"
    add("4-runs.bmp", bmp(info(WIDTH, HEIGHT, 4, 2), four, runs + b"\0\1"), EXACT)
    alpha = np.dstack([flipped, SLOPE[::-1]])
    masks = struct.pack("<IIII", 0xFF0000, 0xFF00, 0xFF, 0xFF000000)
    v4 = info(WIDTH, HEIGHT, 32, 3, 108) + masks + b"\0" * 52
    add("32-opacity.bmp", bmp(v4, b"", alpha.tobytes()), ROUNDED)


# TIFF ------------------------------------------------------------------------------------------------------------


def tiff(array, **options):
    out = io.BytesIO()
    tifffile.imwrite(out, array, metadata=None, software=None, **options)
    return out.getvalue()


def by_levels(values):
    return np.repeat(values.astype(np.uint8)[..., None], 3, -1)


def tiffs():
    shares = np.linspace(0, 1, WIDTH * HEIGHT, dtype=np.float32).reshape(HEIGHT, WIDTH)
    colours = PHOTO.astype(np.float32) / 255
    wide = np.minimum(PHOTO.astype(np.uint32) * 257 + 3, 65535).astype(np.uint16)
    alpha = np.dstack([PHOTO, SLOPE])
    add("1.tif", saved(Image.fromarray(SLOPE).convert("1"), "TIFF"), EXACT)
    add("1-group4.tif", saved(Image.fromarray(SLOPE).convert("1"), "TIFF", compression="group4"), EXACT)
    add("grey.tif", tiff(GREY), EXACT)
    add("grey-white-is-zero.tif", tiff(GREY, photometric="miniswhite"), EXACT)
    add("grey-16.tif", tiff(wide[..., 0]), EXACT)
    add("grey-16-big-endian.tif", tiff(wide[..., 0], byteorder=">"), EXACT)
    add("grey-opacity.tif", tiff(alpha[..., 2:], photometric="minisblack", extrasamples=["unassalpha"], planarconfig="contig"), ROUNDED)
    add("grey-float.tif", tiff(shares), EXACT)
    add("grey-float-beyond.tif", tiff(shares * 3 - 1), EXACT)
    levels = by_levels(np.floor(shares * 255 + 0.5))
    add("grey-float-16.tif", tiff(shares.astype(np.float16)), ROUNDED, levels)
    add("grey-float-64.tif", tiff(shares.astype(np.float64)), ROUNDED, levels)
    add("grey-float-predictor.tif", tiff(shares, compression="deflate", predictor=3), EXACT)
    add("rgb-float.tif", tiff(colours, photometric="rgb"), EXACT, PHOTO)
    add("grey-32.tif", tiff(SLOPE.astype(np.uint32) * 0x1010101), EXACT, by_levels(SLOPE))
    add("rgb.tif", tiff(PHOTO, photometric="rgb"), EXACT)
    add("rgb-big-endian.tif", tiff(PHOTO, photometric="rgb", byteorder=">"), EXACT)
    add("rgb-bigtiff.tif", tiff(PHOTO, photometric="rgb", bigtiff=True), EXACT)
    add("rgb-planar.tif", tiff(PHOTO.transpose(2, 0, 1).copy(), photometric="rgb", planarconfig="separate"), EXACT)
    add("rgb-tiled.tif", tiff(PHOTO, photometric="rgb", tile=(16, 16)), EXACT)
    add("rgb-tiled-lzw.tif", tiff(PHOTO, photometric="rgb", tile=(16, 16), compression="lzw", predictor=2), EXACT)
    add("rgb-strips.tif", tiff(PHOTO, photometric="rgb", rowsperstrip=4), EXACT)
    add("rgb-16.tif", tiff(wide, photometric="rgb"), ROUNDED)
    add("rgb-16-big-endian.tif", tiff(wide, photometric="rgb", byteorder=">", compression="lzw"), ROUNDED)
    add("rgb-opacity.tif", tiff(alpha, photometric="rgb", extrasamples=["unassalpha"]), ROUNDED)
    darker = alpha.copy()
    darker[..., :3] = (darker[..., :3].astype(int) * SLOPE[..., None] // 255).astype(np.uint8)
    premultiplied = (255, 2.5, "Pillow divides by the opacity and multiplies again, in bytes")
    add("rgb-opacity-premultiplied.tif", tiff(darker, photometric="rgb", extrasamples=["assocalpha"]), premultiplied)
    for compression in "lzw", "deflate", "packbits":
        add(f"rgb-{compression}.tif", tiff(PHOTO, photometric="rgb", compression=compression), EXACT)
    add("rgb-predictor.tif", tiff(PHOTO, photometric="rgb", compression="deflate", predictor=2), EXACT)
    add("jpeg.tif", saved(PHOTO, "TIFF", compression="jpeg", quality=90), JPEG)
    add("jpeg-rgb.tif", tiff(PHOTO, photometric="rgb", compression="jpeg", compressionargs={"level": 90, "outcolorspace": "rgb"}), JPEG)
    add("jpeg-grey.tif", saved(GREY, "TIFF", compression="jpeg", quality=90), JPEG)
    add("cmyk.tif", tiff(INKS, photometric="separated"), ROUNDED)
    add("cmyk-lzw.tif", tiff(INKS, photometric="separated", compression="lzw"), ROUNDED)
    inks16 = INKS.astype(np.uint16) * 257
    light = (255 - INKS[..., :3].astype(int)) * (255 - INKS[..., 3:].astype(int))
    add("cmyk-16.tif", tiff(inks16, photometric="separated"), ROUNDED, ((light + 127) // 255).astype(np.uint8))
    add("palette.tif", saved(Image.fromarray(PHOTO).quantize(64), "TIFF"), EXACT)
    for value in range(1, 9):
        add(f"orientation-{value}.tif", tiff(PHOTO, photometric="rgb", extratags=[(274, 3, 1, value, True)]), EXACT)
    add("orientation-long.tif", tiff(PHOTO, photometric="rgb", extratags=[(274, 4, 1, 6, True)]), EXACT)
    add("orientation-big-endian.tif", tiff(PHOTO, photometric="rgb", byteorder=">", extratags=[(274, 3, 1, 8, True)]), EXACT)
    add("orientation-bigtiff.tif", tiff(PHOTO, photometric="rgb", bigtiff=True, extratags=[(274, 3, 1, 6, True)]), EXACT)
    add("pages.tif", saved(PHOTO, "TIFF", save_all=True, append_images=[Image.fromarray(PHOTO[::-1])]), EXACT)


# WebP ------------------------------------------------------------------------------------------------------------


def riff(*chunks):
    body = b"WEBP" + b"".join(kind + struct.pack("<I", len(c)) + c + b"\0" * (len(c) % 2) for kind, c in chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def webps():
    alpha = np.dstack([PHOTO, SLOPE[::-1]])
    for quality in 85, 5, 100:
        add(f"lossy-{quality}.webp", saved(PHOTO, "WEBP", quality=quality), EXACT)
    add("lossy-even.webp", saved(photo(48, 32), "WEBP", quality=40, method=6), EXACT)
    add("lossy-grey.webp", saved(GREY, "WEBP", quality=85), EXACT)
    for name, options in {
        "simple-filter": ["-nostrong", "-f", "60"], "sharp": ["-f", "90", "-sharpness", "6"], "no-filter": ["-f", "0"],
        "segments": ["-segments", "4", "-sns", "100"], "partitions": ["-partition_limit", "0", "-pass", "4"],
    }.items():
        with tempfile.TemporaryDirectory() as folder:
            source, target = os.path.join(folder, "a.png"), os.path.join(folder, "a.webp")
            Image.fromarray(photo(61, 45)).save(source)
            tool("cwebp", b"", "-quiet", "-q", "30", *options, source, "-o", target)
            add(f"lossy-{name}.webp", open(target, "rb").read(), EXACT)
    add("lossless.webp", saved(PHOTO, "WEBP", lossless=True), EXACT)
    add("lossless-palette.webp", saved(Image.fromarray(PHOTO).quantize(12).convert("RGB"), "WEBP", lossless=True), EXACT)
    add("lossless-opacity.webp", saved(alpha, "WEBP", lossless=True, exact=True), ROUNDED)
    add("lossy-opacity.webp", saved(alpha, "WEBP", quality=85), ROUNDED)
    add("lossy-opacity-low.webp", saved(alpha, "WEBP", quality=85, alpha_quality=30), ROUNDED)
    plain = saved(PHOTO, "WEBP", quality=85)[12:]
    picture = plain[8 : 8 + struct.unpack("<I", plain[4:8])[0]]
    header = struct.pack("<BBH", 0x10, 0, 0) + struct.pack("<I", WIDTH - 1)[:3] + struct.pack("<I", HEIGHT - 1)[:3]
    add("raw-opacity.webp", riff((b"VP8X", header), (b"ALPH", b"\0" + SLOPE.tobytes()), (b"VP8 ", picture)), ROUNDED)
    for kind in 1, 2, 3:
        predicted = np.zeros((HEIGHT, WIDTH), int)
        s = SLOPE.astype(int)
        left, above = np.pad(s, ((0, 0), (1, 0)))[:, :-1], np.pad(s, ((1, 0), (0, 0)))[:-1]
        corner = np.pad(s, ((1, 0), (1, 0)))[:-1, :-1]
        predicted[:] = {1: left, 2: above, 3: np.clip(left + above - corner, 0, 255)}[kind]
        predicted[0, 1:], predicted[1:, 0] = s[0, :-1], s[:-1, 0]
        filtered = ((s - predicted) % 256).astype(np.uint8)
        add(f"raw-opacity-filter-{kind}.webp", riff((b"VP8X", header), (b"ALPH", bytes([kind << 2]) + filtered.tobytes()), (b"VP8 ", picture)), ROUNDED)
    add("orientation.webp", saved(PHOTO, "WEBP", lossless=True, exif=tiff_block(6)), EXACT)
    add("orientation-prefixed.webp", saved(PHOTO, "WEBP", lossless=True, exif=b"Exif\0\0" + tiff_block(8, 4, ">")), EXACT)
    add("profile.webp", saved(PHOTO, "WEBP", lossless=True, icc_profile=profile("sRGB")), EXACT)
    film = [Image.fromarray(PHOTO), Image.fromarray(PHOTO[::-1])]
    add("film.webp", saved(film[0], "WEBP", save_all=True, append_images=film[1:], lossless=True, duration=100), EXACT)
    still = saved(photo(16, 12), "WEBP", lossless=True)[12:]
    frame = struct.pack("<I", 2)[:3] + struct.pack("<I", 3)[:3] + struct.pack("<I", 15)[:3] + struct.pack("<I", 11)[:3] + struct.pack("<I", 100)[:3] + b"\0"
    canvas = struct.pack("<BBH", 0x02, 0, 0) + header[4:]
    add("film-smaller.webp", riff((b"VP8X", canvas), (b"ANIM", struct.pack("<IH", 0xFF00FF00, 0)), (b"ANMF", frame + still)), ROUNDED)


def main():
    for name in os.listdir(HERE):
        if not name.endswith(".py"):
            os.remove(os.path.join(HERE, name))
    jpegs()
    pngs()
    gifs()
    bmps()
    tiffs()
    webps()
    with open(os.path.join(HERE, "table.csv"), "w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["picture", "width", "height", "most", "mean", "why"])
        table.writerows(rows)
    with open(os.path.join(HERE, "expected.rgb.gz"), "wb") as file:
        file.write(gzip.compress(b"".join(expected), 9, mtime=0))
    size = sum(os.path.getsize(os.path.join(HERE, name)) for name in os.listdir(HERE))
    print(len(rows), "pictures,", size, "bytes")


main()
