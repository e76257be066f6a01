"""Numbers that tests/code.rs expects: for each case one step by the script that Saddle wrote, from a run that it saved.

Made with Python 3.11.7, PyTorch 2.15.0, safetensors 0.8.0, NumPy 2.4.6, on a CPU:

    cargo test --release code::write_the_cases -- --ignored
    pip install torch==2.15.0 safetensors==0.8.0 numpy==2.4.6
    python tests/reference/code.py target/code > tests/reference/code.json

Each script is run as it is, but for what it draws: images, noise and dropout are those that our step draws.
"""

import hashlib
import json
import platform
import re
import sys
from pathlib import Path

import safetensors
import torch
from safetensors.torch import load_file
from torch import nn


class Masked(nn.Module):
    """Dropout by masks, one for each pass of training."""

    def __init__(self, masks):
        super().__init__()
        self.masks = iter(masks)

    def forward(self, x):
        return x * next(self.masks) if self.training else x


def run(folder):
    """The script's module, its main part left out, with the draws of `folder`; it has read the run."""
    sys.argv = ["script.py", str(folder / "session.safetensors")]
    script = {"__name__": "script"}
    exec(compile((folder / "script.py").read_text(), folder / "script.py", "exec"), script)
    draws = load_file(folder / "draws.safetensors")
    each = lambda what: [draws[f"{what}.{i}"] for i in range(100) if f"{what}.{i}" in draws]
    noise, images = iter(each("z")), each("real")
    if "grown" in script:
        images = zip(images, (epoch.item() for epoch in each("epoch")))
    script["noise"], script["batches"] = lambda n: next(noise), iter(images)
    dropouts = [i for i, layer in enumerate(script["D"]) if isinstance(layer, nn.Dropout)]
    for number, place in enumerate(dropouts):
        script["D"][place] = Masked(each(f"mask.{number}"))
    return script


def by_our_names(script, prefix, values):
    """PyTorch's tensors by the file's names, as the file has them."""
    net = script["D"] if "discriminator" in prefix else script["G"]
    places = [i for i, layer in enumerate(net) if not isinstance(layer, nn.Flatten)]
    kinds = {
        nn.Linear: "dense",
        nn.Conv2d: "conv",
        nn.ConvTranspose2d: "conv_transpose",
        nn.BatchNorm1d: "batch_norm",
        nn.BatchNorm2d: "batch_norm",
    }
    roles = {"weight": "scale", "bias": "shift", "running_mean": "mean", "running_var": "variance"}
    for name, value in values:
        place, role = name.split(".")
        kind = kinds[type(net[int(place)])]
        if role == "num_batches_tracked":
            continue
        if kind == "batch_norm":
            role = roles[role]
        if kind == "dense" and role == "weight":
            value = value.T
        yield f"{prefix}.{places.index(int(place))}.{kind}.{role}", value


def numbers(block):
    """Its norm and three elements."""
    block = block.detach().flatten().double()
    return [block.norm().item(), *(block[(len(block) - 1) * share // 3].item() for share in (0, 1, 2))]


def compare(folder, blocks):
    """Says how far our step ended from PyTorch's, over all elements."""
    ours, worst = load_file(folder / "after.safetensors"), {}
    for name, block in blocks.items():
        away = (ours[name] - block).abs().max().item()
        if name.startswith("optimiser"):
            what, away = "memory / its largest", away / block.abs().max().item()
        else:
            what = "statistics" if name.split(".")[-1] in ("mean", "variance", "direction") else "parameters"
        worst[what] = max(worst.get(what, (0, "")), (away, name))
    print(folder.name, *(f"{what}: {away:.1e} ({name})" for what, (away, name) in worst.items()), sep="; ", file=sys.stderr)


def case(folder):
    script = run(folder)
    losses = script["step"](int(script["notes"]["step"]))
    blocks = {}
    nets = {"generator": script["G"], "discriminator": script["D"]}
    if "average" in script:
        nets["generator.average"] = script["average"]
    for prefix, net in nets.items():
        blocks.update(by_our_names(script, prefix, net.state_dict().items()))
    for name, direction in script.get("u", {}).items():
        (key, _), = by_our_names(script, "discriminator", [(name, direction.unsqueeze(0))])
        blocks[key.replace("weight", "direction")] = direction
    for prefix, optimiser in (("generator", script["of_g"]), ("discriminator", script["of_d"])):
        keys = [key for key, _ in nets[prefix].named_parameters()]
        for role in ("velocity", "mean", "square"):
            if hasattr(optimiser, role):
                blocks.update(by_our_names(script, f"optimiser.{prefix}.{role}", zip(keys, getattr(optimiser, role))))
    compare(folder, blocks)
    digest = hashlib.md5((folder / "script.py").read_bytes()).hexdigest()
    return {"script": digest, "losses": losses, "blocks": {name: numbers(block) for name, block in blocks.items()}}


made = f"Python {platform.python_version()}, PyTorch {torch.__version__}, safetensors {safetensors.__version__}"
cases = {folder.name: case(folder) for folder in sorted(Path(sys.argv[1]).iterdir())}
# Eight digits are more than single precision has; one block in each line.
text = json.dumps({"made_with": made, "cases": cases}, indent=1)
text = re.sub(r"-?\d+\.\d+(e-?\d+)?", lambda number: f"{float(number[0]):.8g}" if "PyTorch" not in number[0] else number[0], text)
print(re.sub(r"\[\s+([^\]]*?)\s+\]", lambda inner: "[" + re.sub(r"\s+", " ", inner[1]) + "]", text))
