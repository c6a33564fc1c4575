"""The picture that gradients are compared on."""

import numpy as np


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
