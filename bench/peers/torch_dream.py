#!/usr/bin/env python3
"""Gradient-ascent steps on any ONNX network in PyTorch on the CPU: how fast it is, and how far it climbs.

    python3 bench/peers/torch_dream.py MODEL.onnx --layers mixed3,mixed5,mixed7 --image picture.npy --steps 10

Every step adds step-size * gradient / (standard deviation of the gradient + 1e-8) to the picture and holds it in
[-1, 1], as TensorFlow's DeepDream tutorial does; what is climbed is the sum over the layers of their mean activation.
Prints one line of JSON: the objective before the first and before the last step, the median of the seconds a step
took, and the most memory the process held, in MiB.

--image      the picture, float32 .npy [1, 3, H, W] in the range that the network's own input expects
--save       the .npy file to write the picture to after the last step
--threads    threads that PyTorch computes with
--mode       folded: the network as the file has it. cl: the same with channels last in memory.

Needs Debian's python3-torch, python3-onnx and python3-numpy.
"""
import argparse
import json
import resource
import statistics
import sys
import time

import numpy as np
import torch

sys.dont_write_bytecode = True  # no __pycache__ beside the sources
from onnx_torch import OnnxNetwork

MEMORY_FORMATS = {"folded": torch.contiguous_format, "cl": torch.channels_last}


def climb(network, picture, layers, step_size):
    """One step: the picture after it, and the objective before it."""
    picture = picture.detach().requires_grad_(True)
    objective = torch.stack([layer.mean() for layer in network.activations(picture, layers)]).sum()
    objective.backward()
    gradient = picture.grad
    with torch.no_grad():
        moved = picture + step_size * gradient / (gradient.std() + 1e-8)
        return moved.clamp_(-1, 1), objective.item()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("--layers", required=True, help="names of tensors or nodes, with commas between")
    parser.add_argument("--image", required=True, help="the .npy file to read")
    parser.add_argument("--save", help="the .npy file to write")
    parser.add_argument("--steps", type=int, default=10)
    parser.add_argument("--step-size", type=float, default=0.01)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--mode", choices=MEMORY_FORMATS, default="folded")
    options = parser.parse_args()

    torch.set_num_threads(options.threads)
    memory_format = MEMORY_FORMATS[options.mode]
    network = OnnxNetwork(options.model, memory_format=memory_format)
    picture = torch.from_numpy(np.load(options.image).astype(np.float32)).to(memory_format=memory_format)
    objectives, seconds = [], []
    for _ in range(options.steps):
        start = time.perf_counter()
        picture, objective = climb(network, picture, options.layers.split(","), options.step_size)
        seconds.append(time.perf_counter() - start)
        objectives.append(objective)
    if options.save:
        np.save(options.save, picture.contiguous().numpy())
    result = {
        "mode": options.mode,
        "size": list(picture.shape[2:]),
        "threads": options.threads,
        "objective_first": objectives[0],
        "objective_last": objectives[-1],
        "median_s": statistics.median(seconds),
        "peak_rss_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
