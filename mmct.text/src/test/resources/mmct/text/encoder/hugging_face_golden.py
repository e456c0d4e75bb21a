#!/usr/bin/env python3
"""Writes hugging_face_golden.json: names, shapes and pooled outputs of Hugging Face's BertModel, of small sizes.

No weights are stored: element i of a tensor is `0.5 u + mean` with u from a hash of its name and of i, see `fill`.
Usage: hugging_face_golden.py FILE. Needs torch and transformers.
"""
import json, sys, zlib
import numpy as np
import torch
from transformers import BertConfig, BertModel

IDS = [[2, 9, 6, 10, 35, 8, 3], [2, 5, 7, 3, 0, 0, 0], [2, 3, 0, 0, 0, 0, 0]]


def uniform(name, count):
    """numbers between -0.5 and 0.5, the same in every language"""
    with np.errstate(over="ignore"):
        h = np.arange(count, dtype=np.uint32) * np.uint32(2654435761) + np.uint32(zlib.crc32(name.encode()))
        h ^= h >> np.uint32(15)
        h *= np.uint32(2246822519)
        h ^= h >> np.uint32(13)
    return h.astype(np.float64) / 2 ** 32 - .5


def fill(name, shape):
    mean = 1 if name.endswith("LayerNorm.weight") else 0
    return torch.from_numpy((uniform(name, int(np.prod(shape))) * .5 + mean).astype(np.float32).reshape(shape))


config = BertConfig(vocab_size=40, hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=48,
                    attn_implementation="eager")
model = BertModel(config).eval()
state = model.state_dict()
for key, tensor in state.items():
    tensor.copy_(fill(key, tuple(tensor.shape)))
ids = torch.tensor(IDS)
with torch.no_grad():
    pooled = model.double()(ids, attention_mask=(ids != 0).long()).pooler_output
with open(sys.argv[1], "w") as file:
    json.dump({"tensors": {key: list(tensor.shape) for key, tensor in state.items()},
               "ids": IDS, "pooled": pooled.float().tolist()}, file)
