#!/usr/bin/env python3
"""Writes pillow_golden.json: what Pillow makes of a small picture, by the calls that torchvision's transforms make.

Usage: pillow_golden.py > pillow_golden.json   (Pillow 13.0.0)
"""
import json
import random

from PIL import Image, ImageEnhance

random.seed(5)
WIDTH, HEIGHT = 19, 13
pixels = bytes(min(255, max(0, int(128 + 90 * ((x * (c + 1)) % 17 - 8) / 8 + random.gauss(0, 30)))) for y in range(HEIGHT)
               for x in range(WIDTH) for c in range(3))
image = Image.frombytes("RGB", (WIDTH, HEIGHT), pixels)


def values(picture):
    return list(picture.convert("RGB").tobytes())


def hue(picture, turn):
    h, s, v = picture.convert("HSV").split()
    h = h.point([(i + int(turn * 255)) % 256 for i in range(256)])
    return Image.merge("HSV", (h, s, v)).convert("RGB")


def resized_crop(x, y, width, height, size):
    return {"x": x, "y": y, "width": width, "height": height, "size": size,
            "values": values(image.crop((x, y, x + width, y + height)).resize((size, size), Image.BILINEAR))}


def centre_crop(shorter, size):
    width, height = int(shorter * WIDTH / HEIGHT), shorter
    left, top = int(round((width - size) / 2)), int(round((height - size) / 2))
    resized = image.resize((width, height), Image.BILINEAR)
    return {"shorterSide": shorter, "size": size, "values": values(resized.crop((left, top, left + size, top + size)))}


print(json.dumps({
    "width": WIDTH, "height": HEIGHT, "pixels": list(pixels),
    "resizedCrops": [resized_crop(0, 0, 19, 13, 8), resized_crop(3, 2, 11, 9, 8), resized_crop(5, 1, 4, 3, 8),
                     resized_crop(7, 4, 8, 8, 8), resized_crop(2, 5, 17, 1, 8)],
    "centreCrops": [centre_crop(9, 8), centre_crop(12, 10), centre_crop(20, 16)],
    "adjustments": [
        *[{"name": "brightness", "amount": f, "values": values(ImageEnhance.Brightness(image).enhance(f))} for f in (0.6, 1.4)],
        *[{"name": "contrast", "amount": f, "values": values(ImageEnhance.Contrast(image).enhance(f))} for f in (0.6, 1.4)],
        *[{"name": "saturation", "amount": f, "values": values(ImageEnhance.Color(image).enhance(f))} for f in (0.6, 1.4)],
        *[{"name": "hue", "amount": t, "values": values(hue(image, t))} for t in (-0.1, 0.1, 0.4)],
        {"name": "grey", "amount": 0, "values": values(image.convert("L"))}]}))
