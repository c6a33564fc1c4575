#!/usr/bin/env python3
"""Exports a classifier of torchvision to ONNX and says what PyTorch takes a picture for.

    python3 bench/peers/export_classifier.py FOLDER

SqueezeNet 1.1 for pictures of 224×224, with weights drawn from a seed, so it needs no download. It writes
squeezenet.onnx, squeezenet.card.json with the names of its classes in labels.txt, picture.npy ([1, 3, 224, 224], 0 to 1)
and top.json: the five most probable classes with their probabilities, and the mean activations of the channels of the
first Fire module, computed in float64.

Needs Debian's python3-torchvision, python3-onnx and python3-numpy.
"""
import json
import pathlib
import sys
import warnings

import numpy as np
import torch
import torchvision

sys.dont_write_bytecode = True  # no __pycache__ beside the sources
from test_picture import test_picture

SIZE = 224
CLASSES = 40
MEAN = [0.485, 0.456, 0.406]
STD = [0.229, 0.224, 0.225]


def main():
    folder = pathlib.Path(sys.argv[1])
    torch.manual_seed(5)
    torch.set_num_threads(1)
    network = torchvision.models.squeezenet1_1(num_classes=CLASSES).eval()
    with torch.no_grad():
        # Untrained classes are nearly alike; this sets them apart.
        network.classifier[1].weight.mul_(8)
    colours = np.clip(test_picture(SIZE, SIZE) * 0.5 + 0.5, 0, 1).astype(np.float32)
    mean, std = (torch.tensor(values, dtype=torch.float64).reshape(1, 3, 1, 1) for values in (MEAN, STD))
    picture = (torch.from_numpy(colours).double() - mean) / std
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(network, picture.float(), folder / "squeezenet.onnx", opset_version=12)
    network.double()
    with torch.no_grad():
        probabilities = network(picture).softmax(1)[0]
        fire = network.features[:4](picture).mean((0, 2, 3))
    top = torch.topk(probabilities, 5)
    labels = [f"thing {index}, of class {index}" for index in range(CLASSES)]
    np.save(folder / "picture.npy", colours)
    (folder / "labels.txt").write_text("\n".join(labels) + "\n")
    card = {"preprocessing": {"mean": MEAN, "std": STD}, "labels": "labels.txt"}
    (folder / "squeezenet.card.json").write_text(json.dumps(card) + "\n")
    found = [{"index": index, "label": labels[index], "probability": value}
             for index, value in zip(top.indices.tolist(), top.values.tolist())]
    (folder / "top.json").write_text(json.dumps({"classes": found, "fire": fire.tolist()}) + "\n")


if __name__ == "__main__":
    main()
