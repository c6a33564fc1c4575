"""Runs ONNX networks in PyTorch: the operators that convolutional networks are made of, and their gradients with them."""
import numpy as np
import onnx
import torch
import torch.nn.functional as F
from onnx import numpy_helper


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


class OnnxNetwork:
    """A network from an ONNX file, with float weights of one type. Constants that depend on nothing are computed once."""

    def __init__(self, file, dtype=torch.float32, memory_format=torch.contiguous_format):
        graph = onnx.load(file).graph
        self.constants = {}
        for tensor in graph.initializer:
            value = torch.from_numpy(numpy_helper.to_array(tensor).copy())
            self.constants[tensor.name] = value.to(dtype) if value.is_floating_point() else value
        (self.input,) = [entry.name for entry in graph.input if entry.name not in self.constants]
        self.nodes = []
        for node in graph.node:
            if node.op_type not in OPERATORS:
                self.nodes.append(node)
            elif all(name == "" or name in self.constants for name in node.input):
                self.constants.update(zip(node.output, run(node, self.constants)))
            else:
                self.nodes.append(node)
        for name, value in self.constants.items():
            if value.dim() == 4:
                self.constants[name] = value.to(memory_format=memory_format)

    def activations(self, picture, layers):
        """The layers, given by the name of a tensor or of its node, in that order."""
        values = {**self.constants, self.input: picture}
        found = {}
        for node in self.nodes:
            if node.op_type not in OPERATORS:
                raise SystemExit(f"{node.op_type} ({node.name}) is not read here")
            outputs = run(node, values)
            values.update(zip(node.output, outputs))
            named = {node.name: outputs[0], **dict(zip(node.output, outputs))}
            found.update((name, value) for name, value in named.items() if name in layers)
            if len(found) == len(set(layers)):
                return [found[name] for name in layers]
        raise SystemExit(f"the network has no layer named {', '.join(sorted(set(layers) - set(found)))}")


def run(node, values):
    """The outputs of one node."""
    result = OPERATORS[node.op_type](Attributes(node), *[values[name] if name else None for name in node.input])
    return result if isinstance(result, tuple) else (result,)
