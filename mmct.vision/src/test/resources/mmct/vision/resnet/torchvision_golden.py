#!/usr/bin/env python3
"""Writes torchvision_golden.json: names, shapes and features of torchvision's residual networks.

No weights are stored: element i of a tensor is `size * u + mean` with u from a hash of its name and of i, see `fill`.
Usage: torchvision_golden.py FILE. Needs torch and torchvision.
"""
import json, sys, zlib
import numpy as np
import torch, torchvision


def uniform(name, count):
    """numbers between -0.5 and 0.5, the same in every language"""
    with np.errstate(over="ignore"):
        h = np.arange(count, dtype=np.uint32) * np.uint32(2654435761) + np.uint32(zlib.crc32(name.encode()))
        h ^= h >> np.uint32(15)
        h *= np.uint32(2246822519)
        h ^= h >> np.uint32(13)
    return h.astype(np.float64) / 2 ** 32 - .5


def fill(name, shape):
    count = int(np.prod(shape))
    if len(shape) == 4:
        size, mean = (24 / (shape[0] * shape[2] * shape[3])) ** .5, 0
    else:
        size, mean = .5, 1 if name.endswith(("weight", "var")) else 0
    return torch.from_numpy((uniform(name, count) * size + mean).astype(np.float32).reshape(shape))


def golden(name):
    network = getattr(torchvision.models, name)().eval()
    state = network.state_dict()
    for key, tensor in state.items():
        if tensor.is_floating_point() and not key.startswith("fc."):
            tensor.copy_(fill(key, tuple(tensor.shape)))
    network.fc = torch.nn.Identity()
    picture = torch.from_numpy((uniform("pictures", 2 * 3 * 64 * 64) * 4).astype(np.float32).reshape(2, 3, 64, 64))
    with torch.no_grad():
        features = network.double()(picture.double())
    return {"tensors": {key: list(tensor.shape) for key, tensor in state.items()},
            "every": 32, "features": features[:, ::32].float().tolist()}


with open(sys.argv[1], "w") as file:
    json.dump({name: golden(name) for name in ("resnet18", "resnet50")}, file)
