#!/usr/bin/env python3
"""Writes test/fixtures/gradients.json: gradients of single operators as PyTorch's autograd computes them.

Run by hand from the root of the repository, with Debian's python3-torch and python3-numpy:

    python3 scripts/make-fixtures.py

Every case is one ONNX operator: its attributes, its inputs, the input that is differentiated, and
d(sum of r * output) / d(input) in float64, rounded to float32. The numbers r and most inputs are not stored but drawn
from the generator below, which src/gradient/rules.cases.ts has as well. Windows that PyTorch has no argument for are
written out as padding before the operator.
"""
import json
import math
import pathlib

import numpy as np
import torch
import torch.nn.functional as F

FILE = pathlib.Path(__file__).parent.parent / "test" / "fixtures" / "gradients.json"


def pseudo_random(seed, count):
    """Numbers in [-1, 1), multiples of 2**-23, from a linear congruential generator."""
    state = seed * 0x9E3779B1 % 2**32
    values = np.empty(count)
    for i in range(count):
        state = (state * 1664525 + 1013904223) % 2**32
        values[i] = (state >> 8) / 2**23 - 1
    return values


cases = []
seeds = iter(range(1, 10_000))


def drawn(*shape, scale=2, offset=0):
    """An input of pseudo-random float32 numbers around `offset`."""
    return {"shape": list(shape), "seed": next(seeds), "scale": scale, "offset": offset}


def given(values, *shape):
    """An input of these numbers."""
    return {"shape": list(shape), "values": values}


def whole(*values):
    """An input of int64 numbers, such as the axes of a reduction."""
    return {"shape": [len(values)], "ints": list(values)}


def tensor(entry):
    if entry is None:
        return None
    if "ints" in entry:
        return entry["ints"]
    if "values" in entry:
        values = np.array(entry["values"], dtype=np.float32)
    else:
        count = math.prod(entry["shape"])
        values = np.float32(pseudo_random(entry["seed"], count) * entry["scale"] + entry["offset"])
    return torch.from_numpy(values.astype(np.float64).reshape(entry["shape"]))


def case(op, name, inputs, forward, of=0, opset=None, **attributes):
    """Adds a case. `forward` is the operator in PyTorch, `of` the position of the differentiated input."""
    values = [tensor(entry) for entry in inputs]
    values[of].requires_grad_(True)
    output = forward(*values)
    seed = next(seeds)
    weights = torch.from_numpy(pseudo_random(seed, output.numel()).reshape(output.shape))
    (gradient,) = torch.autograd.grad((weights * output).sum(), values[of])
    entry = {
        "op": op,
        "name": name,
        **({"opset": opset} if opset else {}),
        "attributes": {k: {"type": "float", "value": v} if isinstance(v, float) else v for k, v in attributes.items()},
        "inputs": inputs,
        "of": of,
        "weights": seed,
        "output": list(output.shape),
        "gradient": [float(str(np.float32(value))) for value in gradient.flatten().numpy()],
    }
    cases.append(entry)


# Conv
case("Conv", "3x3 padded by 1, bias", [drawn(2, 3, 5, 6), drawn(4, 3, 3, 3), drawn(4)],
     lambda x, w, b: F.conv2d(x, w, b, padding=1), pads=[1, 1, 1, 1])
case("Conv", "stride 2, odd input", [drawn(1, 2, 7, 9), drawn(3, 2, 3, 3)],
     lambda x, w: F.conv2d(x, w, stride=2), strides=[2, 2])
case("Conv", "stride 2, even input, padded", [drawn(1, 2, 8, 6), drawn(3, 2, 3, 3)],
     lambda x, w: F.conv2d(x, w, stride=2, padding=1), strides=[2, 2], pads=[1, 1, 1, 1])
case("Conv", "stride 3 that does not divide", [drawn(1, 2, 10, 9), drawn(3, 2, 2, 2)],
     lambda x, w: F.conv2d(x, w, stride=3), strides=[3, 3])
case("Conv", "dilation 2", [drawn(1, 2, 8, 7), drawn(3, 2, 3, 3)],
     lambda x, w: F.conv2d(x, w, dilation=2, padding=2), dilations=[2, 2], pads=[2, 2, 2, 2])
case("Conv", "dilation 2, stride 2", [drawn(1, 2, 9, 8), drawn(3, 2, 3, 3)],
     lambda x, w: F.conv2d(x, w, dilation=2, stride=2), dilations=[2, 2], strides=[2, 2])
case("Conv", "2 groups", [drawn(1, 4, 6, 5), drawn(6, 2, 3, 3)],
     lambda x, w: F.conv2d(x, w, groups=2, padding=1), group=2, pads=[1, 1, 1, 1])
case("Conv", "2 groups, stride 2, dilation 2", [drawn(1, 4, 9, 7), drawn(6, 2, 3, 3)],
     lambda x, w: F.conv2d(x, w, groups=2, stride=2, dilation=2, padding=1),
     group=2, strides=[2, 2], dilations=[2, 2], pads=[1, 1, 1, 1])
case("Conv", "depthwise, stride 2", [drawn(1, 4, 7, 8), drawn(4, 1, 3, 3)],
     lambda x, w: F.conv2d(x, w, groups=4, stride=2, padding=1), group=4, strides=[2, 2], pads=[1, 1, 1, 1])
case("Conv", "depthwise, 2 outputs a channel", [drawn(1, 3, 5, 6), drawn(6, 1, 3, 3)],
     lambda x, w: F.conv2d(x, w, groups=3, padding=1), group=3, pads=[1, 1, 1, 1])
case("Conv", "padding on one side, stride 2", [drawn(1, 2, 8, 7), drawn(3, 2, 3, 3)],
     lambda x, w: F.conv2d(F.pad(x, (0, 1, 0, 1)), w, stride=2), strides=[2, 2], pads=[0, 0, 1, 1])
case("Conv", "SAME_UPPER, stride 2, even input", [drawn(1, 2, 8, 6), drawn(3, 2, 3, 3)],
     lambda x, w: F.conv2d(F.pad(x, (0, 1, 0, 1)), w, stride=2), strides=[2, 2], auto_pad="SAME_UPPER")
case("Conv", "SAME_LOWER, stride 2, even input", [drawn(1, 2, 8, 6), drawn(3, 2, 3, 3)],
     lambda x, w: F.conv2d(F.pad(x, (1, 0, 1, 0)), w, stride=2), strides=[2, 2], auto_pad="SAME_LOWER")
case("Conv", "padding wider than the kernel", [drawn(1, 2, 4, 5), drawn(3, 2, 2, 2)],
     lambda x, w: F.conv2d(x, w, padding=3), pads=[3, 3, 3, 3])
case("Conv", "1x7", [drawn(1, 2, 4, 8), drawn(3, 2, 1, 7)],
     lambda x, w: F.conv2d(x, w, padding=(0, 3)), pads=[0, 3, 0, 3])
case("Conv", "1x1, stride 2", [drawn(1, 3, 6, 5), drawn(4, 3, 1, 1)],
     lambda x, w: F.conv2d(x, w, stride=2), strides=[2, 2])
case("Conv", "1 spatial axis", [drawn(2, 3, 9), drawn(4, 3, 4)],
     lambda x, w: F.conv1d(x, w, stride=2, padding=1), strides=[2], pads=[1, 1])

# Activations, at and around their kinks
case("Relu", "at 0", [given([-1, -0.0, 0, 1e-30, -1e-30, 1], 6)], F.relu)
case("LeakyRelu", "at 0", [given([-1, -0.0, 0, 1e-30, -1e-30, 1], 6)], lambda x: F.leaky_relu(x, 0.25), alpha=0.25)
for name, low, high in (("both bounds", 0, 6), ("only a minimum", 0, None), ("only a maximum", None, 6)):
    case("Clip", f"at its bounds, {name}",
         [given([-1, 0, 1, 6, 7], 5), *(given([b]) if b is not None else None for b in (low, high))],
         lambda x, *_, low=low, high=high: torch.clamp(x, low, high))
case("HardSigmoid", "at its corners", [given([-4, -3, -2.5, 0, 2.5, 3, 4], 7)], F.hardsigmoid, alpha=1 / 6, beta=0.5)
case("Sigmoid", "both sides of 0", [drawn(3, 7, scale=8)], torch.sigmoid)
case("Tanh", "both sides of 0", [drawn(3, 7, scale=4)], torch.tanh)

# MaxPool
pool = {"kernel_shape": [3, 3], "strides": [2, 2]}
case("MaxPool", "overlapping windows", [drawn(2, 2, 7, 9)], lambda x: F.max_pool2d(x, 3, 2), **pool)
case("MaxPool", "padded", [drawn(1, 2, 8, 7)], lambda x: F.max_pool2d(x, 3, 2, 1), pads=[1, 1, 1, 1], **pool)
case("MaxPool", "ceil_mode, the last window hangs over", [drawn(1, 2, 6, 8)],
     lambda x: F.max_pool2d(x, 3, 2, ceil_mode=True), ceil_mode=1, **pool)
case("MaxPool", "ceil_mode, a window that would start in the padding is left out", [drawn(1, 2, 5, 5)],
     lambda x: F.max_pool2d(x, 2, 2, 1, ceil_mode=True),
     kernel_shape=[2, 2], strides=[2, 2], pads=[1, 1, 1, 1], ceil_mode=1)
case("MaxPool", "dilation 2", [drawn(1, 2, 8, 7)], lambda x: F.max_pool2d(x, 3, 1, 1, dilation=2),
     kernel_shape=[3, 3], dilations=[2, 2], pads=[1, 1, 1, 1])
case("MaxPool", "padding on one side", [drawn(1, 2, 8, 7)],
     lambda x: F.max_pool2d(F.pad(x, (0, 1, 0, 1), value=-math.inf), 3, 2), pads=[0, 0, 1, 1], **pool)
case("MaxPool", "all values equal", [given([1] * 36, 1, 1, 6, 6)], lambda x: F.max_pool2d(x, 3, 2, 1),
     pads=[1, 1, 1, 1], **pool)
case("MaxPool", "ties of zeros", [given([0, 0, 3, 0, 0, 0, 0, 3, 3, 0, 0, 1, 0, 1, 0, 2, 2, 0, 0, 2, 0, 0, 0, 0, 0], 1, 1, 5, 5)],
     lambda x: F.max_pool2d(x, 3, 1, 1), kernel_shape=[3, 3], pads=[1, 1, 1, 1])
case("MaxPool", "ties with dilation", [given([1, 2] * 18, 1, 1, 6, 6)], lambda x: F.max_pool2d(x, 2, 1, dilation=2),
     kernel_shape=[2, 2], dilations=[2, 2])

# AveragePool
case("AveragePool", "2x2, stride 2, odd input", [drawn(1, 2, 7, 5)], lambda x: F.avg_pool2d(x, 2, 2),
     kernel_shape=[2, 2], strides=[2, 2])
for counted in (False, True):
    text, flag = ("padding counted" if counted else "padding not counted"), int(counted)
    case("AveragePool", f"stride 1, same size, {text}", [drawn(1, 2, 5, 6)],
         lambda x: F.avg_pool2d(x, 3, 1, 1, count_include_pad=counted),
         kernel_shape=[3, 3], pads=[1, 1, 1, 1], count_include_pad=flag)
    case("AveragePool", f"stride 2, padded, {text}", [drawn(1, 2, 8, 7)],
         lambda x: F.avg_pool2d(x, 3, 2, 1, count_include_pad=counted),
         pads=[1, 1, 1, 1], count_include_pad=flag, **pool)
    case("AveragePool", f"ceil_mode, the last window hangs over, {text}", [drawn(1, 2, 6, 8)],
         lambda x: F.avg_pool2d(x, 3, 2, ceil_mode=True, count_include_pad=counted),
         ceil_mode=1, count_include_pad=flag, **pool)
    for opset in (18, 19):
        case("AveragePool", f"ceil_mode, padded, operator set {opset}, {text}", [drawn(1, 2, 6, 8)],
             lambda x: F.avg_pool2d(x, 3, 2, 1, ceil_mode=True, count_include_pad=counted),
             opset=opset, ceil_mode=1, pads=[1, 1, 1, 1], count_include_pad=flag, **pool)
case("GlobalAveragePool", "2 spatial axes", [drawn(2, 3, 4, 5)], lambda x: F.adaptive_avg_pool2d(x, 1))

# Normalisation. Of LRN only odd windows: onnxruntime has no other.
case("BatchNormalization", "fixed statistics",
     [drawn(2, 3, 2, 3), drawn(3), drawn(3), drawn(3), drawn(3, scale=0.5, offset=1)],
     lambda x, scale, bias, mean, var: F.batch_norm(x, mean, var, scale, bias, eps=1e-3), epsilon=1e-3)
for size in (1, 3, 5):
    case("LRN", f"window of {size} channels", [drawn(1, 7, 2, 3, scale=4)],
         lambda x: F.local_response_norm(x, size, alpha=0.5, beta=0.75, k=2.0), size=size, alpha=0.5, beta=0.75, bias=2.0)
case("LRN", "window wider than the channels", [drawn(1, 3, 2, 2)],
     lambda x: F.local_response_norm(x, 9, alpha=1.0, beta=0.5, k=1.0), size=9, alpha=1.0, beta=0.5, bias=1.0)

# Arithmetic
for position, side in enumerate(("left", "right")):
    case("Mul", f"one value per channel, input on the {side}", [drawn(1, 3, 1, 1), drawn(2, 3, 2, 2)][:: 1 - 2 * position],
         torch.mul, of=position)
    case("Div", f"both stretch, input on the {side}",
         [drawn(3, 1, 2, scale=0.5, offset=2), drawn(2, 1, 4, 1, scale=0.5, offset=2)][:: 1 - 2 * position],
         torch.div, of=position)
    case("Sub", f"a scalar, input on the {side}", [drawn(), drawn(2, 3)][:: 1 - 2 * position], torch.sub, of=position)

# Matrix products
for position, side in enumerate(("left", "right")):
    case("MatMul", f"batches stretch, input on the {side}", [drawn(2, 1, 3, 4), drawn(5, 4, 2)], torch.matmul, of=position)
    case("MatMul", f"vector times batch, input on the {side}", [drawn(4), drawn(3, 4, 2)], torch.matmul, of=position)
    case("MatMul", f"batch times vector, input on the {side}", [drawn(3, 2, 4), drawn(4)], torch.matmul, of=position)
for position, side in enumerate("ABC"):
    case("Gemm", f"both transposed and scaled, input {side}", [drawn(4, 3), drawn(5, 4), drawn(3, 1)],
         lambda a, b, c: 0.5 * a.T @ b.T - 2 * c, of=position, transA=1, transB=1, alpha=0.5, beta=-2.0)
case("Gemm", "plain", [drawn(3, 4), drawn(4, 5), drawn(5)], lambda a, b, c: torch.addmm(c, a, b))

# Padding
case("Pad", "reflect", [drawn(1, 2, 4, 5), whole(0, 0, 2, 3, 0, 0, 3, 1)],
     lambda x, _: F.pad(x, (3, 1, 2, 3), mode="reflect"), mode="reflect")
case("Pad", "edge", [drawn(1, 2, 3, 4), whole(0, 0, 2, 5, 0, 0, 1, 3)],
     lambda x, _: F.pad(x, (5, 3, 2, 1), mode="replicate"), mode="edge")
case("Pad", "wrap", [drawn(1, 2, 4, 5), whole(0, 0, 2, 3, 0, 0, 3, 1)],
     lambda x, _: F.pad(x, (3, 1, 2, 3), mode="circular"), opset=19, mode="wrap")
case("Pad", "constant, cropped on one side", [drawn(1, 2, 4, 5), whole(0, 0, -1, 2, 0, 0, 3, -2)],
     lambda x, _: F.pad(x, (2, -2, -1, 3)), mode="constant")

# Arrangement and reductions
case("Concat", "second of three", [drawn(1, 1, 2, 3), drawn(1, 2, 2, 3), drawn(1, 3, 2, 3)],
     lambda *parts: torch.cat(parts, 1), of=1, axis=1)
case("Slice", "turned around with step 2", [drawn(2, 7), whole(6), whole(-100), whole(1), whole(-2)],
     lambda x, *_: x.flip(1)[:, ::2])
case("Transpose", "NCHW to NHWC", [drawn(2, 3, 2, 4)], lambda x: x.permute(0, 2, 3, 1), perm=[0, 2, 3, 1])
case("Flatten", "axis 2", [drawn(2, 3, 2, 2)], lambda x: x.flatten(2).flatten(0, 1), axis=2)
case("ReduceMean", "spatial axes dropped", [drawn(2, 3, 3, 4), whole(-1, -2)], lambda x, _: x.mean((2, 3)), keepdims=0)
case("ReduceSum", "channels kept", [drawn(2, 3, 2, 2), whole(1)], lambda x, _: x.sum(1, keepdim=True), keepdims=1)

# More activations. Gelu is not an operator of its own before operator set 20.
smooth = [drawn(3, 7, scale=4)]
corners = [given([-4, -3, -1, -0.0, 0, 0.5, 3, 4], 8)]
case("HardSwish", "at its corners", [given([-4, -3.5, -1, 0, 2, 3.5, 4], 7)], F.hardswish)
case("HardSwish", "both sides of 0", smooth, F.hardswish)
case("Elu", "at 0", corners, F.elu)
case("Elu", "its own alpha", smooth, lambda x: F.elu(x, 0.7), alpha=0.7)
case("Selu", "at 0", corners, F.selu)
case("Celu", "at 0", corners, F.celu)
case("Celu", "its own alpha", smooth, lambda x: F.celu(x, 0.7), alpha=0.7)
case("Softplus", "both sides of 0", smooth, F.softplus)
case("Softsign", "both sides of 0", smooth, F.softsign)
case("Mish", "both sides of 0", smooth, F.mish)
case("Gelu", "exact", smooth, F.gelu, opset=20)
case("Gelu", "by tanh", smooth, lambda x: F.gelu(x, approximate="tanh"), opset=20, approximate="tanh")
case("ThresholdedRelu", "both sides", smooth, lambda x: F.threshold(x, 0.5, 0), alpha=0.5)
case("PRelu", "the slope of each channel, input", [drawn(2, 3, 2, 2), drawn(3, 1, 1)],
     lambda x, slope: F.prelu(x, slope.flatten()))
case("PRelu", "the slope of each channel", [drawn(2, 3, 2, 2), drawn(3, 1, 1)],
     lambda x, slope: F.prelu(x, slope.flatten()), of=1)
case("PRelu", "at 0", [given([-1, 0, 1], 3), given([0.25], 1)], F.prelu)
for axis in (1, -1):
    case("Softmax", f"axis {axis}", [drawn(2, 3, 4, scale=4)], lambda x: F.softmax(x, axis), axis=axis)
    case("LogSoftmax", f"axis {axis}", [drawn(2, 3, 4, scale=4)], lambda x: F.log_softmax(x, axis), axis=axis)

# More arithmetic
for op, function in (("Exp", torch.exp), ("Erf", torch.erf), ("Neg", torch.neg), ("Sin", torch.sin), ("Cos", torch.cos)):
    case(op, "both sides of 0", [drawn(2, 5)], function)
for op, function in (("Log", torch.log), ("Sqrt", torch.sqrt), ("Reciprocal", torch.reciprocal)):
    case(op, "positive", [drawn(2, 5, scale=0.9, offset=1)], function)
case("Abs", "at 0", [given([-2, -0.0, 0, 3], 4)], torch.abs)
for exponent in (0.0, 1.0, 2.0, 3.0):
    case("Pow", f"exponent {exponent:g}, at 0", [given([-2, -0.5, 0, 1, 3], 5), given([exponent], 1)],
         lambda x, k: x.pow(k.item()))
case("Pow", "exponents that differ", [drawn(2, 3, scale=0.9, offset=1), drawn(3)], torch.pow)
case("Pow", "the exponents", [drawn(2, 3, scale=0.9, offset=1), drawn(3)], torch.pow, of=1)
case("Pow", "the exponents of 0", [given([0, 2], 2), given([2, 0], 2)], torch.pow, of=1)
for op, function in (("Max", torch.maximum), ("Min", torch.minimum)):
    case(op, "ties", [given([0, 1, 2], 3), given([1, 1, 1], 3)], function)
    case(op, "broadcast", [drawn(2, 3, 2), drawn(3, 1)], function, of=1)

# More normalisation
case("InstanceNormalization", "2 spatial axes", [drawn(2, 3, 3, 4), drawn(3), drawn(3)],
     lambda x, scale, bias: F.instance_norm(x, weight=scale, bias=bias, eps=1e-3), epsilon=1e-3)
case("LayerNormalization", "last two axes", [drawn(2, 3, 4), drawn(3, 4), drawn(3, 4)],
     lambda x, scale, bias: F.layer_norm(x, (3, 4), scale, bias, 1e-3), axis=-2, epsilon=1e-3)
case("GroupNormalization", "a scale a channel", [drawn(2, 6, 3, 2), drawn(6), drawn(6)],
     lambda x, scale, bias: F.group_norm(x, 3, scale, bias, 1e-3), opset=21, num_groups=3, epsilon=1e-3)
case("GroupNormalization", "a scale a group", [drawn(2, 6, 3, 2), drawn(3), drawn(3)],
     lambda x, scale, bias: F.group_norm(x, 3, scale.repeat_interleave(2), bias.repeat_interleave(2), 1e-3),
     num_groups=3, epsilon=1e-3)

# ConvTranspose
case("ConvTranspose", "stride 2, padded, bias", [drawn(1, 3, 4, 5), drawn(3, 2, 4, 4), drawn(2)],
     lambda x, w, b: F.conv_transpose2d(x, w, b, 2, 1), strides=[2, 2], pads=[1, 1, 1, 1])
case("ConvTranspose", "output padding, 2 groups", [drawn(1, 4, 4, 3), drawn(4, 3, 3, 3)],
     lambda x, w: F.conv_transpose2d(x, w, None, 2, 1, 1, 2), strides=[2, 2], pads=[1, 1, 1, 1],
     output_padding=[1, 1], group=2)
case("ConvTranspose", "dilation 2", [drawn(1, 2, 4, 3), drawn(2, 3, 3, 2)],
     lambda x, w: F.conv_transpose2d(x, w, dilation=2), dilations=[2, 2])

# More pooling. PyTorch's LpPool takes powers without their sign, so only even p agree.
case("GlobalMaxPool", "ties", [given([1, 3, 3, 0, 0, 0, 0, 0], 1, 2, 2, 2)], lambda x: F.adaptive_max_pool2d(x, 1))
case("LpPool", "p 2, stride 2", [drawn(1, 2, 6, 7)], lambda x: F.lp_pool2d(x, 2, 3, 2), p=2, **pool)
case("LpPool", "p 4, stride 1", [drawn(1, 2, 5, 6)], lambda x: F.lp_pool2d(x, 4, 3, 1), p=4, kernel_shape=[3, 3])
case("GlobalLpPool", "p 2", [drawn(2, 3, 2, 3)], lambda x: x.norm(dim=(2, 3), keepdim=True))

# More reductions
case("ReduceMax", "ties", [given([5, 5, 1, 2, 3, 4], 2, 3), whole(1)], lambda x, _: x.amax(1, keepdim=True))
case("ReduceMin", "ties", [given([5, 1, 1, 2, 3, 4], 2, 3), whole(1)], lambda x, _: x.amin(1), keepdims=0)
case("ReduceL1", "at 0", [given([5, 0, -1, 2, 3, 4], 2, 3), whole(1)], lambda x, _: x.norm(1, 1), keepdims=0)
case("ReduceL2", "at 0", [given([0, 0, 0, 2, 3, 4], 2, 3), whole(1)], lambda x, _: x.norm(2, 1), keepdims=0)
case("ReduceSumSquare", "channels", [drawn(2, 3, 2), whole(1)], lambda x, _: (x * x).sum(1), keepdims=0)
case("ReduceLogSumExp", "channels", [drawn(2, 3, 2, scale=4), whole(1)], lambda x, _: x.logsumexp(1), keepdims=0)

# More arrangement, and reading and writing at positions
case("Tile", "two axes", [drawn(2, 1, 3), whole(2, 1, 3)], lambda x, _: x.tile((2, 1, 3)))
case("Expand", "ones stretch", [drawn(3, 1), whole(2, 3, 4)], lambda x, _: x.expand(2, 3, 4))
case("DepthToSpace", "CRD", [drawn(1, 8, 2, 3)], lambda x: F.pixel_shuffle(x, 2), blocksize=2, mode="CRD")
case("Gather", "some twice", [drawn(2, 4, 3), whole(3, 0, 3)], lambda x, i: x[:, i], axis=1)
case("CumSum", "rows", [drawn(2, 5), whole(1)], lambda x, _: x.cumsum(1))
case("Trilu", "above the diagonal", [drawn(4, 5), whole(1)], lambda x, _: x.triu(1))
for position, side in enumerate(("left", "right")):
    case("Einsum", f"attention, {side}", [drawn(2, 3, 4, 5), drawn(2, 3, 6, 5)],
         lambda q, k: torch.einsum("bhqd,bhkd->bhqk", q, k), of=position, equation="bhqd,bhkd->bhqk")

# Resize
case("Resize", "nearest, twice as large", [drawn(1, 2, 3, 4), None, given([1, 1, 2, 2], 4)],
     lambda x, *_: F.interpolate(x, scale_factor=2), coordinate_transformation_mode="asymmetric", nearest_mode="floor")
for mode, name, flags in (("bilinear", "linear", {}), ("bicubic", "cubic", {"cubic_coeff_a": -0.75})):
    case("Resize", f"{name} to a size", [drawn(1, 2, 5, 6), None, None, whole(1, 2, 8, 4)],
         lambda x, *_: F.interpolate(x, (8, 4), mode=mode), mode=name,
         coordinate_transformation_mode="pytorch_half_pixel", **flags)
    case("Resize", f"{name} with aligned corners", [drawn(1, 2, 5, 6), None, None, whole(1, 2, 8, 4)],
         lambda x, *_: F.interpolate(x, (8, 4), mode=mode, align_corners=True), mode=name,
         coordinate_transformation_mode="align_corners", **flags)
    case("Resize", f"{name} with antialias", [drawn(1, 2, 9, 8), None, None, whole(1, 2, 4, 3)],
         lambda x, *_: F.interpolate(x, (4, 3), mode=mode, antialias=True), mode=name, antialias=1, exclude_outside=1,
         **({"cubic_coeff_a": -0.5} if mode == "bicubic" else {}))

lines = ",\n".join(json.dumps(entry, separators=(",", ":")) for entry in cases)
FILE.parent.mkdir(parents=True, exist_ok=True)
FILE.write_text(f'{{"made":"scripts/make-fixtures.py, PyTorch {torch.__version__}","cases":[\n{lines}\n]}}\n')
print(f"{FILE}: {len(cases)} cases, {FILE.stat().st_size} bytes")
