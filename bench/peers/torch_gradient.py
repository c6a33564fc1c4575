#!/usr/bin/env python3
"""The gradient of a picture as PyTorch computes it: the truth that our gradients are compared with.

    python3 bench/peers/torch_gradient.py MODEL.onnx --layers mixed3,mixed5,mixed7 --gradient gradient.npy

Reads any ONNX network of the operators below, runs it in PyTorch up to the layers, and writes
d(sum over the layers of their mean activation) / d(picture) as float32 .npy of shape [1, C, H, W]. The objective goes
to the output as one line of JSON.

--image   the picture, .npy [1, C, H, W] in the range that the network's own input expects
--size    HxW of the test picture that is used without --image: waves and pseudo-random noise in [-1, 1)
--double  computes in float64

Needs Debian's python3-torch, python3-onnx and python3-numpy.
"""
import argparse
import json

import numpy as np
import onnx
import torch
import torch.nn.functional as F
from onnx import numpy_helper


def test_picture(height, width):
    """A picture of whole-number arithmetic only, so that every program draws the same one."""
    channel, row, column = np.meshgrid(np.arange(3), np.arange(height), np.arange(width), indexing="ij")
    wave = abs((column + 2 * row + 21 * channel) % 64 - 32) / 16 - 1
    noise = np.empty(wave.size)
    state = 0x9E3779B1
    for i in range(noise.size):
        state = (state * 1664525 + 1013904223) % 2**32
        noise[i] = (state >> 8) / 2**23 - 1
    return (wave * 0.75 + noise.reshape(wave.shape) * 0.25).astype(np.float32)[None]


class Attributes:
    """The attributes of a node as plain Python values."""

    def __init__(self, node):
        self.values = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}

    def __call__(self, name, default=None):
        value = self.values.get(name, default)
        return value.decode() if isinstance(value, bytes) else value


def window(attributes, x, kernel):
    """Strides, dilations and padding of a sliding window: (begin, end) for every spatial axis."""
    rank = len(kernel)
    strides = attributes("strides", [1] * rank)
    dilations = attributes("dilations", [1] * rank)
    pads = attributes("pads", [0] * 2 * rank)
    sides = list(zip(pads[:rank], pads[rank:]))
    automatic = attributes("auto_pad", "NOTSET")
    if automatic == "VALID":
        sides = [(0, 0)] * rank
    elif automatic.startswith("SAME"):
        sides = []
        for size, k, stride, dilation in zip(x.shape[2:], kernel, strides, dilations):
            total = max((-(-size // stride) - 1) * stride + (k - 1) * dilation + 1 - size, 0)
            less, more = total // 2, total - total // 2
            sides.append((less, more) if automatic == "SAME_UPPER" else (more, less))
    return strides, dilations, sides


def padded(x, sides, value=0.0):
    """Pads the spatial axes. PyTorch wants the last axis first."""
    return F.pad(x, [amount for side in reversed(sides) for amount in side], value=value)


def conv(at, x, w, b=None):
    strides, dilations, sides = window(at, x, w.shape[2:])
    convolve = (F.conv1d, F.conv2d, F.conv3d)[w.dim() - 3]
    if all(begin == end for begin, end in sides):
        return convolve(x, w, b, strides, [begin for begin, _ in sides], dilations, at("group", 1))
    return convolve(padded(x, sides), w, b, strides, 0, dilations, at("group", 1))


def max_pool(at, x):
    kernel = at("kernel_shape")
    strides, dilations, sides = window(at, x, kernel)
    pool = (F.max_pool1d, F.max_pool2d, F.max_pool3d)[len(kernel) - 1]
    if all(begin == end for begin, end in sides):
        return pool(x, kernel, strides, [begin for begin, _ in sides], dilations, bool(at("ceil_mode", 0)))
    if at("ceil_mode", 0):
        raise SystemExit("MaxPool with ceil_mode and padding on one side is not read here")
    return pool(padded(x, sides, -torch.inf), kernel, strides, 0, dilations)


def average_pool(at, x):
    kernel = at("kernel_shape")
    strides, dilations, sides = window(at, x, kernel)
    pool = (F.avg_pool1d, F.avg_pool2d, F.avg_pool3d)[len(kernel) - 1]
    counted, ceil = bool(at("count_include_pad", 0)), bool(at("ceil_mode", 0))
    if any(dilation != 1 for dilation in dilations):
        raise SystemExit("AveragePool with dilations is not read here")
    if all(begin == end for begin, end in sides):
        return pool(x, kernel, strides, [begin for begin, _ in sides], ceil, counted)
    if ceil:
        raise SystemExit("AveragePool with ceil_mode and padding on one side is not read here")
    total = pool(padded(x, sides), kernel, strides)
    return total if counted else total / pool(padded(torch.ones_like(x), sides), kernel, strides)


def dequantize(at, q, scale, zero=None):
    axis = at("axis", 1)
    shape = [-1 if i == axis else 1 for i in range(q.dim())] if scale.dim() else []
    centred = q.to(scale.dtype) - (0 if zero is None else zero.to(scale.dtype).reshape(shape))
    return centred * scale.reshape(shape)


def gemm(at, a, b, c=None):
    product = at("alpha", 1.0) * (a.T if at("transA", 0) else a) @ (b.T if at("transB", 0) else b)
    return product if c is None else product + at("beta", 1.0) * c


def clip(at, x, low=None, high=None):
    return torch.clamp(x, at("min") if low is None else low, at("max") if high is None else high)


def pad(at, x, pads=None, value=None):
    amounts = at("pads") if pads is None else pads.tolist()
    sides = list(zip(amounts[: x.dim()], amounts[x.dim() :]))
    if at("mode", "constant") == "constant":
        return padded(x, sides, at("value", 0.0) if value is None else float(value))
    # The other modes pad spatial axes only.
    flat = [amount for side in reversed(sides[2:]) for amount in side]
    return F.pad(x, flat, mode={"reflect": "reflect", "edge": "replicate", "wrap": "circular"}[at("mode")])


def reduce_mean(at, x, axes=None):
    named = at("axes") if axes is None else axes.tolist()
    return x.mean(named or list(range(x.dim())), keepdim=bool(at("keepdims", 1)))


def reshape(at, x, shape):
    return x.reshape([x.shape[i] if size == 0 else size for i, size in enumerate(shape.tolist())])


def flatten(at, x):
    axis = at("axis", 1)
    return x.reshape(int(np.prod(x.shape[:axis])), -1)


def split(at, x, sizes=None):
    given = at("split") if sizes is None else sizes.tolist()
    axis = at("axis", 0)
    return torch.split(x, given or -(-x.shape[axis] // at("num_outputs")), axis)


def batch_normalization(at, x, scale, bias, mean, variance):
    return F.batch_norm(x, mean, variance, scale, bias, eps=at("epsilon", 1e-5))


def lrn(at, x):
    return F.local_response_norm(x, at("size"), at("alpha", 1e-4), at("beta", 0.75), at("bias", 1.0))


OPERATORS = {
    "Add": lambda at, a, b: a + b,
    "AveragePool": average_pool,
    "BatchNormalization": batch_normalization,
    "Clip": clip,
    "Concat": lambda at, *parts: torch.cat(parts, at("axis", 1)),
    "Constant": lambda at: torch.from_numpy(numpy_helper.to_array(at("value")).copy()),
    "Conv": conv,
    "DequantizeLinear": dequantize,
    "Div": lambda at, a, b: a / b,
    "Dropout": lambda at, x, *_: x,
    "Flatten": flatten,
    "Gemm": gemm,
    "GlobalAveragePool": lambda at, x: x.mean(tuple(range(2, x.dim())), keepdim=True),
    "HardSigmoid": lambda at, x: torch.clamp(at("alpha", 0.2) * x + at("beta", 0.5), 0, 1),
    "Identity": lambda at, x: x,
    "LRN": lrn,
    "LeakyRelu": lambda at, x: F.leaky_relu(x, at("alpha", 0.01)),
    "MatMul": lambda at, a, b: a @ b,
    "MaxPool": max_pool,
    "Mul": lambda at, a, b: a * b,
    "Pad": pad,
    "ReduceMean": reduce_mean,
    "Relu": lambda at, x: F.relu(x),
    "Reshape": reshape,
    "Sigmoid": lambda at, x: torch.sigmoid(x),
    "Split": split,
    "Sub": lambda at, a, b: a - b,
    "Sum": lambda at, *terms: sum(terms),
    "Tanh": lambda at, x: torch.tanh(x),
    "Transpose": lambda at, x: x.permute(at("perm", list(range(x.dim()))[::-1])),
}


def activations(graph, picture, layers):
    """Runs the network until all layers, given by the name of a tensor or of its node, have been seen."""
    values = {}
    for tensor in graph.initializer:
        value = torch.from_numpy(numpy_helper.to_array(tensor).copy())
        values[tensor.name] = value.to(picture.dtype) if value.is_floating_point() else value
    (name,) = [entry.name for entry in graph.input if entry.name not in values]
    values[name] = picture
    found = {}
    for node in graph.node:
        if node.op_type not in OPERATORS:
            raise SystemExit(f"{node.op_type} ({node.name}) is not read here")
        inputs = [values[name] if name else None for name in node.input]
        result = OPERATORS[node.op_type](Attributes(node), *inputs)
        outputs = result if isinstance(result, tuple) else (result,)
        values.update(zip(node.output, outputs))
        named = {node.name: outputs[0], **dict(zip(node.output, outputs))}
        found.update((name, value) for name, value in named.items() if name in layers)
        if len(found) == len(layers):
            return list(found.values())
    raise SystemExit(f"the network has no layer named {', '.join(sorted(set(layers) - set(found)))}")


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
    picture = torch.from_numpy(pixels.astype(np.float64 if options.double else np.float32)).requires_grad_(True)
    graph = onnx.load(options.model).graph
    objective = sum(layer.mean() for layer in activations(graph, picture, options.layers.split(",")))
    (gradient,) = torch.autograd.grad(objective, picture)
    np.save(options.gradient, gradient.numpy().astype(np.float32))
    print(json.dumps({"objective": objective.item(), "size": list(picture.shape[2:])}))


main()
