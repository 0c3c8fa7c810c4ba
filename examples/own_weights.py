"""Weights from a file, put into a document as a dictionary:

    python3 examples/own_weights.py runs/simple/weights.npz examples/hello-world.json own.json

Any arrays of the right shapes will do: change `weights` below as you would change them in NumPy.
"""

import json
import sys

import numpy as np

NAMES = ("W_in", "W_rec", "W_out", "b_rec", "b_out", "init_state")


def shortest(array):
    """The numbers with as few digits as bring the same float32 back."""
    return [shortest(row) for row in array] if array.ndim else float(str(array))


source, template, target = sys.argv[1:]
with np.load(source) as file:
    weights = {name: np.squeeze(file[name]).astype("float32") for name in NAMES}

with open(template, encoding="utf-8") as file:
    document = json.load(file)
document["network"]["initializer"] = {
    "type": "WeightInitializer",
    **{name: shortest(array) for name, array in weights.items()},
}
with open(target, "w", encoding="utf-8") as file:
    json.dump(document, file)
