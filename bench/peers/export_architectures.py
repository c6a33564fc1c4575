#!/usr/bin/env python3
"""Exports torchvision's architectures to ONNX, with random weights and the gradients that PyTorch's autograd gives.

    python3 bench/peers/export_architectures.py FOLDER [--only NAME,NAME]

For each architecture it writes NAME.onnx, NAME.picture.npy ([1, 3, H, W]) and NAME.gradient.npy: d(sum over the
outputs of their mean) / d(picture), computed in float64. The ONNX outputs are inner tensors of the network, named out0,
out1, … FOLDER/architectures.json lists them all. float32Error is how far PyTorch's own gradient in float32 is from that
in float64, relative to its norm.

Weights are drawn from a seed, so they need no download. To keep activations alive through the whole depth, batch
normalisation takes the statistics of a few noise pictures, shaken a little; scales that start at 0 or nearly so
(LayerScale, class tokens, norms) are drawn too. Operator sets differ, and some are exported with open sizes, so that
the forms that exporters write for either are met.

Needs Debian's python3-torchvision, python3-onnx and python3-numpy.
"""
import argparse
import json
import pathlib
import sys
import warnings
import zlib

import numpy as np
import torch
import torchvision
from torch import nn

sys.dont_write_bytecode = True  # no __pycache__ beside the sources
from test_picture import test_picture

models = torchvision.models
# Name: how to make it, the modules whose outputs are the objective, size of the picture, opset, are sizes left open.
ARCHITECTURES = {
    "alexnet": (models.alexnet, ["features.2", "features.10", "classifier.6"], 224, 9, False),
    "vgg11": (models.vgg11, ["features.7", "features.20"], 64, 10, True),
    "vgg16_bn": (models.vgg16_bn, ["features.16", "features.43"], 64, 11, True),
    "squeezenet1_1": (models.squeezenet1_1, ["features.5", "features.12", "classifier"], 97, 12, True),
    "resnet18": (models.resnet18, ["layer1", "layer3", "fc"], 97, 7, False),
    "resnet50": (models.resnet50, ["layer2", "layer4", "fc"], 64, 13, True),
    "resnext50_32x4d": (models.resnext50_32x4d, ["layer2", "layer4"], 65, 14, True),
    "wide_resnet50_2": (models.wide_resnet50_2, ["layer2", "layer4"], 64, 15, True),
    "densenet121": (models.densenet121, ["features.denseblock2", "features", "classifier"], 64, 13, True),
    "googlenet": (lambda: models.googlenet(transform_input=True, aux_logits=False, init_weights=False),
                  ["inception4a", "inception5b", "fc"], 97, 11, True),
    "inception_v3": (lambda: models.inception_v3(transform_input=False, aux_logits=False, init_weights=False),
                     ["Mixed_5d", "Mixed_6e", "Mixed_7c"], 107, 16, True),
    "mobilenet_v2": (models.mobilenet_v2, ["features.6", "features.18", "classifier"], 97, 10, True),
    "mobilenet_v3_large": (models.mobilenet_v3_large, ["features.6", "features.16", "classifier"], 97, 13, True),
    "mobilenet_v3_small": (models.mobilenet_v3_small, ["features.4", "features.12", "classifier"], 97, 17, True),
    "mnasnet1_0": (models.mnasnet1_0, ["layers.9", "layers.16", "classifier"], 96, 12, True),
    "shufflenet_v2_x1_0": (models.shufflenet_v2_x1_0, ["stage2", "stage4", "fc"], 97, 11, True),
    "efficientnet_b0": (models.efficientnet_b0, ["features.3", "features.8", "classifier"], 97, 14, True),
    "efficientnet_v2_s": (models.efficientnet_v2_s, ["features.3", "features.7"], 64, 17, True),
    "regnet_y_400mf": (models.regnet_y_400mf, ["trunk_output.block2", "trunk_output", "fc"], 97, 15, True),
    "regnet_x_400mf": (models.regnet_x_400mf, ["trunk_output.block2", "trunk_output", "fc"], 97, 9, True),
    "convnext_tiny": (models.convnext_tiny, ["features.3", "features.7", "classifier"], 97, 17, True),
    "vit_b_16": (lambda: models.vit_b_16(image_size=64),
                 ["encoder.layers.encoder_layer_3", "encoder", "heads"], 64, 14, False),
    "swin_t": (models.swin_t, ["features.3", "features.7", "head"], 96, 13, True),
    "maxvit": (lambda: models.MaxVit(input_size=(64, 64), stem_channels=32, partition_size=4, block_channels=[32, 64],
                                     block_layers=[1, 2], head_dim=16, stochastic_depth_prob=0.0),
               ["blocks.0", "blocks.1", "classifier"], 64, 17, False),
    "fcn_resnet50": (lambda: models.segmentation.fcn_resnet50(weights_backbone=None, num_classes=21),
                     ["backbone.layer3", "classifier"], 64, 12, True),
    "deeplabv3_mobilenet_v3_large": (
        lambda: models.segmentation.deeplabv3_mobilenet_v3_large(weights_backbone=None, num_classes=21),
        ["backbone.7", "classifier"], 96, 13, True),
    "lraspp_mobilenet_v3_large": (
        lambda: models.segmentation.lraspp_mobilenet_v3_large(weights_backbone=None, num_classes=21),
        ["backbone.7", "classifier"], 96, 11, True),
}


class Inner(nn.Module):
    """A network that answers with the outputs of some of its modules."""

    def __init__(self, network, names):
        super().__init__()
        self.network = network
        self.found = {}
        for name in names:
            module = network.get_submodule(name)
            module.register_forward_hook(lambda _, __, output, name=name: self.found.update({name: output}))
        self.names = names

    def forward(self, x):
        self.network(x)
        return tuple(self.found[name] for name in self.names)


def enliven(network, size):
    """Draws what starts at zero, and gives batch normalisation the statistics of noise, shaken."""
    norms = [m for m in network.modules() if isinstance(m, nn.modules.batchnorm._BatchNorm)]
    with torch.no_grad():
        for module in network.modules():
            if isinstance(module, (nn.modules.batchnorm._BatchNorm, nn.LayerNorm, nn.GroupNorm)):
                module.weight.uniform_(0.5, 1.5)
                module.bias.normal_(0, 0.2)
            if isinstance(module, (nn.Conv2d, nn.Linear)) and not norms:
                nn.init.kaiming_normal_(module.weight)
        for name, parameter in network.named_parameters():
            if name.endswith(("layer_scale", "class_token", "relative_position_bias_table", "pos_embedding")):
                parameter.normal_(0, 0.5)
        if norms:
            for norm in norms:
                norm.momentum = 1.0
            network.train()
            for module in network.modules():
                if isinstance(module, (nn.Dropout, torchvision.ops.StochasticDepth)):
                    module.eval()
            network(torch.randn(8, 3, size, size))
            for norm in norms:
                norm.running_mean += torch.randn_like(norm.running_mean) * 0.2 * norm.running_var.sqrt()
                norm.running_var *= torch.rand_like(norm.running_var) + 0.5
                norm.running_var += 1e-3


def differentiated(inner, picture):
    picture = picture.clone().requires_grad_(True)
    outputs = inner(picture)
    objective = sum(output.mean() for output in outputs)
    (gradient,) = torch.autograd.grad(objective, picture)
    return outputs, objective, gradient


def export(name, folder):
    make, layers, size, opset, dynamic = ARCHITECTURES[name]
    torch.manual_seed(zlib.crc32(name.encode()))
    network = make()
    enliven(network, size)
    inner = Inner(network, layers).eval()
    pixels = test_picture(size, size + (0 if not dynamic else 6))
    picture = torch.from_numpy(pixels)
    names = [f"out{i}" for i in range(len(layers))]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            inner, picture, folder / f"{name}.onnx", opset_version=opset, input_names=["picture"], output_names=names,
            dynamic_axes={"picture": {0: "n", 2: "h", 3: "w"}} if dynamic else None)
    _, _, single = differentiated(inner, picture)
    outputs, objective, gradient = differentiated(inner.double(), picture.double())
    float32_error = float((single - gradient).norm() / gradient.norm())
    np.save(folder / f"{name}.picture.npy", pixels)
    np.save(folder / f"{name}.gradient.npy", gradient.numpy().astype(np.float32))
    spread = [float(output.std()) for output in outputs]
    print(f"{name}: opset {opset}, spread of activations {', '.join(f'{s:.3g}' for s in spread)}, "
          f"largest gradient {float(gradient.abs().max()):.3g}", flush=True)
    return {"name": name, "opset": opset, "size": list(pixels.shape[2:]), "openSizes": dynamic, "layers": layers,
            "outputs": names, "objective": objective.item(), "float32Error": float32_error}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--only", help="names of architectures, with commas between")
    options = parser.parse_args()
    torch.set_num_threads(1)
    options.folder.mkdir(parents=True, exist_ok=True)
    names = options.only.split(",") if options.only else list(ARCHITECTURES)
    entries = [export(name, options.folder) for name in names]
    made = {"torch": torch.__version__, "torchvision": torchvision.__version__, "architectures": entries}
    (options.folder / "architectures.json").write_text(json.dumps(made, indent=1) + "\n")


if __name__ == "__main__":
    main()
