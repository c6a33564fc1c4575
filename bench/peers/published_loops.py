#!/usr/bin/env python3
"""Four published DeepDream programs, written anew from their formulas, on the network of an ONNX file.

    python3 bench/peers/published_loops.py keras MODEL.onnx --picture p.npy --result ours.npy --steps 10

Each loop is one function with the publication's names, order, resizing and rounding. They share the network and
nothing else of what a dream is. Prints one line of JSON, in which a gap is the root of the mean square between two
pictures, in units of 0 to 255:

before   the publication's objective of the picture
after    its objective of what its loop has made of the picture
result   its objective of the given result
change   the gap between the picture and what the loop has made of it
gap      the gap between what the loop has made of it and the given result
each     with --shown, the same for every step alone, from the picture shown for it; its result is the one shown next
as_ours  with several octaves, the same for the loop as our program does it on purpose: resized by an antialiased
         cubic, not cut to bytes (tensorflow), and the detail put on before an octave's steps (keras)

LOOP       article, tensorflow, keras or google
--picture  the picture, float32 .npy [3, H, W], RGB from 0 to 255
--result   what another program has made of it, of the same shape and range
--shown    what that program has shown to the network, step by step at one octave and once more after the last step:
           float32 .npy [steps + 1, 3, H, W] from -1 to 1, rolled by the shifts
--steps    steps on each octave
--octaves  number of octaves; 1 is the picture's own size alone
--shifts   for google: how far right and down each step rolls the picture, as JSON [octave][step] = [x, y]. Every octave
           has one more at its end. Objectives are those of pictures rolled by the first and the last.

Needs Debian's python3-torch, python3-onnx and python3-numpy.
"""
import argparse
import json
import sys

import numpy as np
import torch
import torch.nn.functional as F

sys.dont_write_bytecode = True  # no __pycache__ beside the sources
from onnx_torch import OnnxNetwork


def differentiated(objective, img):
    """The objective of a picture [3, H, W], and its gradient with respect to that picture."""
    x = torch.from_numpy(img[None]).requires_grad_(True)
    loss = objective(x)
    (gradient,) = torch.autograd.grad(loss, x)
    return loss.item(), gradient[0].numpy()


def interpolated(img, axis, positions):
    """Linear interpolation along an axis, at positions counted in pixels from the centre of the first one."""
    last = img.shape[axis] - 1
    positions = np.clip(positions, 0, last)
    low = np.floor(positions).astype(int)
    high = np.minimum(low + 1, last)
    part = np.expand_dims((positions - low).astype(np.float32), tuple(range(1, img.ndim - axis)))
    return img.take(low, axis) * (1 - part) + img.take(high, axis) * part


def cubic_resize(img, shape):
    """Our own way, for comparison: Catmull-Rom, stretched over the pixels that fall together."""
    x = torch.from_numpy(np.ascontiguousarray(img, np.float32)[None])
    return F.interpolate(x, size=[int(side) for side in shape], mode="bicubic", antialias=True)[0].numpy()


# ---------------------------------------------------------------- the founding article


def article_loss(network, x):
    return sum(layer.mean() for layer in network.activations(x, ["mixed3", "mixed5", "mixed7"]))


def article(network, picture, steps, step_size=0.01):
    """Keras InceptionV3 at one scale: gradients by their deviation, values held in [-1, 1]."""
    img = picture / np.float32(127.5) - 1
    for _ in range(steps):
        _, gradients = differentiated(lambda x: article_loss(network, x), img)
        gradients = gradients / gradients.std()
        img = np.clip(img + gradients * np.float32(step_size), -1, 1)
    return (img + 1) * 127.5


# ---------------------------------------------------------------- TensorFlow's tutorial, with octaves


def tensorflow_loss(network, x):
    return sum(layer.mean() for layer in network.activations(x, ["mixed3", "mixed5"]))


def tf_image_resize(img, shape):
    """tf.image.resize as it is by default: bilinear, pixel centres at halves, no antialiasing. Keras uses it too."""
    for axis, (old, new) in enumerate(zip(img.shape[1:], shape), start=1):
        img = interpolated(img, axis, (np.arange(new) + 0.5) * old / new - 0.5)
    return img


def tensorflow_simple(network, img, steps, to_bytes, step_size=0.01):
    """One octave. The cast to uint8 at its end cuts fractions off."""
    img = img / np.float32(127.5) - 1
    for _ in range(steps):
        _, gradients = differentiated(lambda x: tensorflow_loss(network, x), img)
        gradients = gradients / (gradients.std() + np.float32(1e-8))
        img = np.clip(img + gradients * np.float32(step_size), -1, 1)
    img = 255 * (img + 1) / 2
    return np.floor(img) if to_bytes else img


def tensorflow(network, picture, steps, octaves, octave_scale=1.30, resize=tf_image_resize, to_bytes=True):
    """Octaves -n to n around the picture's size. The dream itself is resized, and no detail comes back."""
    img, base_shape = picture, np.float32(picture.shape[1:])
    for n in range(-(octaves // 2), octaves // 2 + 1):
        new_shape = (base_shape * np.float32(octave_scale**n)).astype(int)
        img = tensorflow_simple(network, resize(img, new_shape), steps, to_bytes)
    return resize(img, picture.shape[1:])


# ---------------------------------------------------------------- the Keras example


def keras_loss(network, x):
    settings = {"mixed4": 1.0, "mixed5": 1.5, "mixed6": 2.0, "mixed7": 2.5}
    loss = 0
    for coeff, activation in zip(settings.values(), network.activations(x, list(settings))):
        loss = loss + coeff * activation[:, :, 2:-2, 2:-2].square().sum() / activation.numel()
    return loss


def keras_ascent(network, img, iterations, learning_rate=0.01, max_loss=15):
    for _ in range(iterations):
        loss, grads = differentiated(lambda x: keras_loss(network, x), img)
        grads = grads / np.maximum(np.abs(grads).mean(), np.float32(1e-6))
        img = img + np.float32(learning_rate) * grads
        if loss > max_loss:
            break
    return img


def keras(
    network, picture, iterations, num_octave, octave_scale=1.4, resize=tf_image_resize, detail_first=False
):
    """Every octave climbs on the dream scaled up as it is; the detail it lacks is put on after its last step."""
    original_img = picture / np.float32(127.5) - 1
    shapes = [tuple(int(dim / octave_scale**i) for dim in picture.shape[1:]) for i in range(num_octave)][::-1]
    shrunk_original_img = resize(original_img, shapes[0])
    img = original_img
    for shape in shapes:
        img = resize(img, shape)
        same_size_original = resize(original_img, shape)
        lost_detail = same_size_original - resize(shrunk_original_img, shape)
        if detail_first:
            img = keras_ascent(network, img + lost_detail, iterations)
        else:
            img = keras_ascent(network, img, iterations) + lost_detail
        shrunk_original_img = same_size_original
    return (img + 1) * 127.5


# ---------------------------------------------------------------- Google's first notebook

# The mean that the notebook takes off its colours: here the middle of the range, which is 0 for this network.
GOOGLE_MEAN = np.float32(127.5)


def google_end(network, data):
    """inception_4c/output of GoogLeNet becomes mixed4."""
    return network.activations(data / GOOGLE_MEAN, ["mixed4"])[0]


def google_loss(network, x):
    """What objective_L2 climbs is half the sum of the squares; their mean says the same in a smaller number."""
    return google_end(network, x * GOOGLE_MEAN).square().mean()


def make_step(network, src, shift, step_size=1.5):
    ox, oy = shift
    src = np.roll(np.roll(src, ox, -1), oy, -2)
    data = torch.from_numpy(src[None].copy()).requires_grad_(True)
    dst = google_end(network, data)
    # objective_L2 sends the layer back as its own gradient.
    (g,) = torch.autograd.grad(dst, data, grad_outputs=dst.detach())
    g = g[0].numpy()
    src = src + np.float32(step_size) / np.abs(g).mean() * g
    src = np.roll(np.roll(src, -ox, -1), -oy, -2)
    return np.clip(src, -GOOGLE_MEAN, 255 - GOOGLE_MEAN)


def nd_zoom(img, shape):
    """scipy.ndimage.zoom with order=1, to a size instead of by factors: linear, corner pixels stay corner pixels."""
    for axis, new in enumerate(shape, start=1):
        img = interpolated(img, axis, np.linspace(0, img.shape[axis] - 1, new))
    return img


def google(network, picture, iter_n, octave_n, shifts, octave_scale=1.4, zoom=nd_zoom):
    """Every octave starts from the picture at its size and the detail that the one before has made, scaled up."""
    octaves = [picture - GOOGLE_MEAN]
    for _ in range(octave_n - 1):
        octaves.append(zoom(octaves[-1], [round(side / octave_scale) for side in octaves[-1].shape[1:]]))
    detail = np.zeros_like(octaves[-1])
    for octave, octave_base in enumerate(octaves[::-1]):
        detail = zoom(detail, octave_base.shape[1:])
        src = octave_base + detail
        for i in range(iter_n):
            src = make_step(network, src, shifts[octave][i])
        detail = src - octave_base
    return src + GOOGLE_MEAN


# ---------------------------------------------------------------- the comparison

LOSSES = {"article": article_loss, "tensorflow": tensorflow_loss, "keras": keras_loss, "google": google_loss}
AS_OURS = {
    "tensorflow": {"resize": cubic_resize, "to_bytes": False},
    "keras": {"resize": cubic_resize, "detail_first": True},
    "google": {"zoom": cubic_resize},
}


def rolled(img, shift, sign=1):
    ox, oy = shift
    return np.roll(img, (sign * ox, sign * oy), (2, 1))


def rms(difference):
    return float(np.sqrt(np.square(difference, dtype=np.float64).mean()))


def objective(network, loop, img, shift):
    """The publication's objective of a picture that is rolled by a shift."""
    x = rolled(img / np.float32(127.5) - 1, shift)
    with torch.no_grad():
        return LOSSES[loop](network, torch.from_numpy(x.astype(np.float32)[None])).item()


def compare(network, loop, picture, result, steps, octaves, shifts, **manner):
    """Runs a loop on a picture, and says what it comes to and how far that is from the given result."""
    if loop == "article":
        dreamed = article(network, picture, steps)
    elif loop == "tensorflow":
        dreamed = tensorflow(network, picture, steps, octaves, **manner)
    elif loop == "keras":
        dreamed = keras(network, picture, steps, octaves, **manner)
    else:
        dreamed = google(network, picture, steps, octaves, shifts, **manner)
    return {
        "after": objective(network, loop, dreamed, shifts[-1][-1]),
        "change": rms(dreamed - picture),
        "gap": rms(dreamed - result),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("loop", choices=LOSSES)
    parser.add_argument("model")
    parser.add_argument("--picture", required=True)
    parser.add_argument("--result", required=True)
    parser.add_argument("--shown")
    parser.add_argument("--steps", type=int, default=10)
    parser.add_argument("--octaves", type=int, default=1)
    parser.add_argument("--shifts", type=json.loads)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()

    torch.set_num_threads(options.threads)
    network = OnnxNetwork(options.model)
    loop, steps, octaves = options.loop, options.steps, options.octaves
    shifts = options.shifts or [[[0, 0]] * (steps + 1)] * octaves
    picture, result = np.load(options.picture), np.load(options.result)
    known = {
        "before": objective(network, loop, picture, shifts[0][0]),
        "result": objective(network, loop, result, shifts[-1][-1]),
    }
    found = {**known, **compare(network, loop, picture, result, steps, octaves, shifts)}
    if octaves > 1:
        found["as_ours"] = {
            **known,
            **compare(network, loop, picture, result, steps, octaves, shifts, **AS_OURS[loop]),
        }
    if options.shown:
        shown = [(rolled(x, shift, -1) + 1) * np.float32(127.5) for x, shift in zip(np.load(options.shown), shifts[0])]
        objectives = [objective(network, loop, img, shift) for img, shift in zip(shown, shifts[0])]
        found["each"] = [
            {
                **{"before": objectives[i], "result": objectives[i + 1]},
                **compare(network, loop, shown[i], shown[i + 1], 1, 1, [shifts[0][i : i + 2]]),
            }
            for i in range(steps)
        ]
    print(json.dumps(found))


if __name__ == "__main__":
    main()
