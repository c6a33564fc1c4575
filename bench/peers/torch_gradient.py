#!/usr/bin/env python3
"""The gradient of a picture as PyTorch computes it: the truth that our gradients are compared with.

    python3 bench/peers/torch_gradient.py MODEL.onnx --layers mixed3,mixed5,mixed7 --gradient gradient.npy

Reads any ONNX network of the operators in onnx_torch.py, runs it in PyTorch up to the layers, and writes
d(sum over the layers of their mean activation) / d(picture) as float32 .npy of shape [1, C, H, W]. The objective goes
to the output as one line of JSON.

--image   the picture, .npy [1, C, H, W] in the range that the network's own input expects
--size    HxW of the test picture that is used without --image: waves and pseudo-random noise in [-1, 1)
--double  computes in float64

Needs Debian's python3-torch, python3-onnx and python3-numpy.
"""
import argparse
import json
import sys

import numpy as np
import torch

sys.dont_write_bytecode = True  # no __pycache__ beside the sources
from onnx_torch import OnnxNetwork
from test_picture import test_picture


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("--layers", required=True, help="names of tensors or nodes, with commas between")
    parser.add_argument("--gradient", required=True, help="the .npy file to write")
    parser.add_argument("--image", help="the .npy file to read")
    parser.add_argument("--size", default="299x299")
    parser.add_argument("--double", action="store_true")
    options = parser.parse_args()

    pixels = np.load(options.image) if options.image else test_picture(*map(int, options.size.split("x")))
    dtype = torch.float64 if options.double else torch.float32
    picture = torch.from_numpy(pixels).to(dtype).requires_grad_(True)
    network = OnnxNetwork(options.model, dtype)
    objective = sum(layer.mean() for layer in network.activations(picture, options.layers.split(",")))
    (gradient,) = torch.autograd.grad(objective, picture)
    np.save(options.gradient, gradient.numpy().astype(np.float32))
    print(json.dumps({"objective": objective.item(), "size": list(picture.shape[2:])}))


main()
