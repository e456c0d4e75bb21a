"""Whether Detectron2 takes an exported ResNet-50 whole: both recipes are read, their detectors built,
the weights loaded by Detectron2's own checkpointer, and the features of the backbone compared with
those of the ONNX file of the same run. Needs detectron2, torch, numpy and onnxruntime.

    mmct export --run RUN --format detectron2 --out FOLDER
    mmct export --run RUN --modality image --backbone --out FOLDER
    python docs/benchmarks/detectron2-check.py FOLDER
"""

import glob
import os
import sys

import numpy
import onnxruntime
import torch
from detectron2.checkpoint import DetectionCheckpointer
from detectron2.config import get_cfg
from detectron2.layers import get_norm
from detectron2.modeling import build_model
from detectron2.modeling.roi_heads import ROI_HEADS_REGISTRY, Res5ROIHeads


@ROI_HEADS_REGISTRY.register()
class Res5ROIHeadsExtraNorm(Res5ROIHeads):
    """As in MoCo's train_net.py: a normalisation after the last stage, which no backbone has."""

    def _build_res5_block(self, cfg):
        stage, width = super()._build_res5_block(cfg)
        stage.add_module("norm", get_norm(cfg.MODEL.RESNETS.NORM, width))
        return stage, width


def check(recipe):
    cfg = get_cfg()
    cfg.merge_from_file(recipe)
    cfg.MODEL.DEVICE = "cpu"
    model = build_model(cfg)
    checkpointer = DetectionCheckpointer(model)
    given = {k: numpy.array(v) for k, v in checkpointer._load_file(cfg.MODEL.WEIGHTS)["model"].items()}
    left = checkpointer.load(cfg.MODEL.WEIGHTS)
    loaded = model.state_dict()
    lost = [
        name
        for name, values in given.items()
        if not any(k.endswith(name) and numpy.array_equal(v.numpy(), values) for k, v in loaded.items())
    ]
    backbone = [k for k in loaded if k.startswith("backbone.") and ".fpn_" not in f".{k[9:]}"]
    fresh = [k for k in backbone if not any(k.endswith(name) for name in given) and "num_batches" not in k]
    print(f"{recipe}: {len(given)} tensors, lost: {lost or 'none'}; of the backbone's {len(backbone)}, fresh: {fresh or 'none'}")
    assert not lost and not fresh
    return model


folder = sys.argv[1]
os.chdir(folder)
models = [check(recipe) for recipe in sorted(glob.glob("*.yaml"))]
network = models[-1].backbone.bottom_up.eval()
pixels = torch.randn(2, 3, 224, 224)
with torch.no_grad():
    theirs = network(pixels)["res5"].mean((2, 3)).numpy()
session = onnxruntime.InferenceSession("image-backbone.onnx", providers=["CPUExecutionProvider"])
ours = session.run(None, {session.get_inputs()[0].name: pixels.numpy()})[0]
difference = abs(theirs - ours).max() / abs(ours).max()
print(f"features: largest difference {difference:.1e} of the largest")
assert difference < 1e-4
