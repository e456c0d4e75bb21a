#!/usr/bin/env python3
"""Writes encoders_golden.json: the features that PyTorch computes for the encoders of EncoderGoldenTest.

Every weight is a wave, so that no weights need to be stored: element i of the p-th parameter in the encoder's order
is 0.4 sin(1.7 i + p), and one more where the parameter scales a layer normalisation. Needs torch.
"""
import json, os, sys
import torch
import torch.nn as nn
import torch.nn.functional as F

VOCABULARY, WIDTH, HEADS, DEPTH, FEED_FORWARD, POSITIONS, WORDS = 11, 8, 2, 2, 12, 9, 5
IDS = torch.tensor([[2, 9, 6, 10, 5, 8, 3], [2, 5, 7, 3, 0, 0, 0], [2, 3, 0, 0, 0, 0, 0]])
torch.set_default_dtype(torch.float64)


def fill(parameters):
    with torch.no_grad():
        for p, (array, scales) in enumerate(parameters):
            i = torch.arange(array.numel(), dtype=torch.float64)
            array.copy_((.4 * torch.sin(1.7 * i + p) + scales).reshape(array.shape))


def linear(layer):
    return [(layer.weight, 0), (layer.bias, 0)]


def norm(layer):
    return [(layer.weight, 1), (layer.bias, 0)]


class Attention(nn.Module):
    """query, key, value of one matrix each, the order in which the encoder lists them"""
    def __init__(self):
        super().__init__()
        self.query, self.key, self.value = (nn.Linear(WIDTH, WIDTH) for _ in range(3))

    def forward(self, x, mask):
        q, k, v = (f(x).unflatten(2, (HEADS, -1)).transpose(1, 2) for f in (self.query, self.key, self.value))
        return F.scaled_dot_product_attention(q, k, v, mask[:, None, None, :]).transpose(1, 2).flatten(2)

    def listed(self):
        return linear(self.query) + linear(self.key) + linear(self.value)


def bert():
    words, places, types = nn.Embedding(VOCABULARY, WIDTH), nn.Embedding(512, WIDTH), nn.Embedding(2, WIDTH)
    first = nn.LayerNorm(WIDTH, 1e-12)
    listed = [(words.weight, 0), (places.weight, 0), (types.weight, 0)] + norm(first)
    layers = []
    for _ in range(DEPTH):
        a, d, n = Attention(), nn.Linear(WIDTH, WIDTH), nn.LayerNorm(WIDTH, 1e-12)
        i, o, m = nn.Linear(WIDTH, FEED_FORWARD), nn.Linear(FEED_FORWARD, WIDTH), nn.LayerNorm(WIDTH, 1e-12)
        layers.append((a, d, n, i, o, m))
        listed += a.listed() + linear(d) + norm(n) + linear(i) + linear(o) + norm(m)
    pooler = nn.Linear(WIDTH, WIDTH)
    fill(listed + linear(pooler))
    x = first(words(IDS) + places.weight[: IDS.shape[1]] + types.weight[0])
    for a, d, n, i, o, m in layers:
        x = n(d(a(x, IDS != 0)) + x)
        x = m(o(F.gelu(i(x))) + x)
    return torch.tanh(pooler(x[:, 0]))


def transformer():
    token, place, last = nn.Embedding(VOCABULARY, WIDTH), nn.Embedding(POSITIONS, WIDTH), nn.LayerNorm(WIDTH)
    layer = nn.TransformerEncoderLayer(WIDTH, HEADS, 4 * WIDTH, 0., "gelu", batch_first=True, norm_first=True)
    encoder = nn.TransformerEncoder(layer, DEPTH, last, enable_nested_tensor=False)
    listed = [(token.weight, 0), (place.weight, 0)]
    for l in encoder.layers:
        listed += norm(l.norm1)
        for third in range(3):
            rows = slice(third * WIDTH, (third + 1) * WIDTH)
            listed += [(l.self_attn.in_proj_weight[rows], 0), (l.self_attn.in_proj_bias[rows], 0)]
        listed += linear(l.self_attn.out_proj) + norm(l.norm2) + linear(l.linear1) + linear(l.linear2)
    fill(listed + norm(last))
    return encoder(token(IDS) + place.weight[: IDS.shape[1]], src_key_padding_mask=IDS == 0)[:, 0]


def gru():
    words, rnn = nn.Embedding(VOCABULARY, WORDS), nn.GRU(WORDS, WIDTH, batch_first=True)
    fill([(words.weight, 0)] + [(p, 0) for p in (rnn.weight_ih_l0, rnn.weight_hh_l0, rnn.bias_ih_l0, rnn.bias_hh_l0)])
    lengths = (IDS != 0).sum(1)
    packed = nn.utils.rnn.pack_padded_sequence(words(IDS), lengths, batch_first=True, enforce_sorted=False)
    return rnn(packed)[1][0]


torch.manual_seed(0)
golden = {"ids": IDS.tolist(), "torch": torch.__version__}
for make in (bert, transformer, gru):
    golden[make.__name__] = [[round(v, 9) for v in row] for row in make().tolist()]
path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "encoders_golden.json")
with open(path, "w") as file:
    json.dump(golden, file, indent=1)
    file.write("\n")
