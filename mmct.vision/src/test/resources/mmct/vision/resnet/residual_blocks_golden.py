#!/usr/bin/env python3
"""Writes residual_blocks_golden.json: residual blocks of PyTorch with all their weights, what they read and return.

The blocks are those of torchvision.models.resnet (BasicBlock, Bottleneck), written out so that only torch is needed.
Usage: residual_blocks_golden.py > residual_blocks_golden.json   (torch 2.13.0, CPU)
"""
import json

import torch
from torch import nn
from torch.nn import functional as F


class Block(nn.Module):
    def __init__(self, inputs, width, stride, bottleneck):
        super().__init__()
        outputs = 4 * width if bottleneck else width
        shapes = [(inputs, width, 1, 1), (width, width, 3, stride), (width, outputs, 1, 1)] if bottleneck else [
            (inputs, width, 3, stride), (width, width, 3, 1)]
        self.count = len(shapes)
        for i, (a, b, kernel, step) in enumerate(shapes, 1):
            setattr(self, f"conv{i}", nn.Conv2d(a, b, kernel, step, kernel // 2, bias=False))
            setattr(self, f"bn{i}", nn.BatchNorm2d(b))
        self.downsample = None
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        y = x
        for i in range(1, self.count + 1):
            y = getattr(self, f"bn{i}")(getattr(self, f"conv{i}")(y))
            if i < self.count:
                y = F.relu(y)
        return F.relu(y + (x if self.downsample is None else self.downsample(x)))


def rounded(tensor):
    return [float(f"{v:.7g}") for v in tensor.flatten().tolist()]


def case(name, inputs, width, stride, bottleneck):
    torch.manual_seed(len(name))
    block = Block(inputs, width, stride, bottleneck)
    for parameter in block.parameters():
        nn.init.normal_(parameter, std=0.5)
    x = torch.randn(3, inputs, 5, 4)
    weights = {k: {"shape": list(v.shape), "values": rounded(v)} for k, v in block.state_dict().items() if "tracked" not in k}
    trained = block.train()(x)
    after = {k: rounded(v) for k, v in block.state_dict().items() if "running" in k}
    return {"name": name, "inputs": inputs, "width": width, "stride": stride, "bottleneck": bottleneck,
            "weights": weights, "x": {"shape": list(x.shape), "values": rounded(x)},
            "training": rounded(trained), "running": after, "evaluation": rounded(block.eval()(x))}


with torch.no_grad():
    print(json.dumps([case("basic", 3, 3, 1, False), case("basic, smaller", 2, 4, 2, False),
                      case("bottleneck, wider", 3, 2, 1, True), case("bottleneck, smaller", 3, 2, 2, True),
                      case("bottleneck", 8, 2, 1, True)]))
