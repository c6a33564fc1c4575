#!/usr/bin/env python3
"""A DeepDream in PyTorch that takes one step whenever it is asked to, so that it can be timed beside others.

    python3 bench/peers/torch_step.py MODEL.onnx --layers mixed3,mixed5,mixed7 --image picture.npy --mode cl

For every line on its standard input it takes one step of torch_dream.py and prints a line of JSON: the milliseconds it
took, those of processor time, the objective before it, and the most memory the process has held so far, in MiB. Before the first one it says that
it is ready, in an empty object.

--mode   bn: convolution, batch normalisation and ReLU apart, as a network from a model zoo runs. The file has its batch
         normalisation folded, so that an identity stands in for it.
         folded: as the file is. cl: the same with channels last in memory.
         bf16: cl under torch.autocast('cpu', bfloat16).

Needs Debian's python3-torch, python3-onnx and python3-numpy.
"""
import argparse
import contextlib
import json
import resource
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F

sys.dont_write_bytecode = True  # no __pycache__ beside the sources
import onnx_torch
from torch_dream import climb

MODES = ("bn", "folded", "cl", "bf16")


def with_batch_normalization(convolve):
    """A convolution with a batch normalisation after it that changes nothing."""

    def convolve_and_normalize(at, *inputs):
        y = convolve(at, *inputs)
        zeros, ones = torch.zeros(y.shape[1]), torch.ones(y.shape[1])
        return F.batch_norm(y, zeros, ones, None, None, False, 0.0, 0.0)

    return convolve_and_normalize


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("--layers", required=True, help="names of tensors or nodes, with commas between")
    parser.add_argument("--image", required=True, help="the .npy file to read")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--mode", choices=MODES, default="cl")
    options = parser.parse_args()

    torch.set_num_threads(options.threads)
    if options.mode == "bn":
        onnx_torch.OPERATORS["Conv"] = with_batch_normalization(onnx_torch.OPERATORS["Conv"])
    memory_format = torch.channels_last if options.mode in ("cl", "bf16") else torch.contiguous_format
    network = onnx_torch.OnnxNetwork(options.model, memory_format=memory_format)
    picture = torch.from_numpy(np.load(options.image).astype(np.float32)).to(memory_format=memory_format)
    layers = options.layers.split(",")
    narrow = options.mode == "bf16"
    print("{}", flush=True)
    for _ in sys.stdin:
        start, used = time.perf_counter(), time.process_time()
        with torch.autocast("cpu", dtype=torch.bfloat16) if narrow else contextlib.nullcontext():
            picture, objective = climb(network, picture, layers, 0.01)
        result = {
            "ms": (time.perf_counter() - start) * 1000,
            "cpuMs": (time.process_time() - used) * 1000,
            "objective": objective,
            "peakMiB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        }
        print(json.dumps(result), flush=True)


if __name__ == "__main__":
    main()
