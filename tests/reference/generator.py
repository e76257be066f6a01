"""What Python's own safetensors makes of a generator that Saddle has written: tests/safetensors.rs runs it.

    pip install safetensors==0.8.0 numpy==2.4.6
    python tests/reference/generator.py FILE

Prints the file's notes and its tensors as JSON, and images that NumPy draws with them: for the paper's
generator, whose layers are all dense, from z = -1, -0.98, .. 0.98.
"""

import json
import sys

import numpy as np
from safetensors import safe_open

with safe_open(sys.argv[1], framework="np") as file:
    notes = file.metadata()
    stored = {name: file.get_tensor(name) for name in file.keys()}

tensors = {}
for name, tensor in stored.items():
    if name.endswith(".weight.scale"):
        continue
    values = tensor.astype(float)
    if tensor.dtype == np.int8:
        # One scale for each output: the last axis of a dense weight, the first of a convolution's.
        scale = stored[f"{name}.scale"].astype(float)
        axis = {"dense": 1, "conv": 0, "conv_transpose": 1}[name.split(".")[2]]
        values = values * np.expand_dims(scale, [i for i in range(values.ndim) if i != axis])
    tensors[name] = values


def draw(x):
    for i, kind in enumerate(notes["layers"].split()):
        if kind == "dense":
            x = x @ tensors[f"generator.{i}.dense.weight"] + tensors[f"generator.{i}.dense.bias"]
        elif kind == "relu":
            x = np.maximum(x, 0)
        elif kind == "sigmoid":
            x = 1 / (1 + np.exp(-x))
        elif kind == "affine":
            x = 2 * x - 1
        elif kind == "reshape":
            x = x.reshape(28, 28)
    return x


z = np.arange(-50, 50) / 50
print(
    json.dumps(
        {
            "notes": notes,
            "tensors": {name: [str(tensor.dtype), list(tensor.shape)] for name, tensor in stored.items()},
            "image": draw(z).ravel().tolist() if notes["preset"] == "paper" else [],
        }
    )
)
