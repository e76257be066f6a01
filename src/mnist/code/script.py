"""Goes on training a GAN of Saddle (networks "$(preset)") from a saved run, or from saved weights of G and D.

    pip install torch safetensors
    python $(preset).py session.safetensors [FOLDER]

FOLDER holds MNIST's train-images-idx3-ubyte, gzipped or not; where it does not, torchvision puts it there."""
import $(modules)
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors import safe_open
from torch import nn
from torch.autograd import grad
#: call
from torch.func import functional_call
#: end

batch, k, steps = $(batch), $(k), 1000
rate_d, rate_g = $(rate_d), $(rate_g)
#: momenta
momentum_d, momentum_g = $(momentum_d), $(momentum_g)
#: end
with safe_open(sys.argv[1], "pt") as file:
    notes, saved = file.metadata(), {name: file.get_tensor(name) for name in file.keys()}
whole = notes["saddle"] == "session"  # a run with optimisers and counters, or weights alone
design = {"preset": "$(preset)", "activation_d": "$(activation_d)", "activation_g": "$(activation_g)",
          "batch_norm": "$(batch_norm)", "spectral_norm": "$(spectral_norm)"}
assert all(notes.get(key, value) == value for key, value in design.items()), f"the file is not of {design}"

#: each
class Each(nn.Module):
    """A function as a layer."""
    def __init__(self, function):
        super().__init__()
        self.forward = function

#: end
#: one
# PyTorch refuses to normalise a batch of one image: choose a larger batch.
#: end
G = nn.Sequential(
$(generator)
)
D = nn.Sequential(  # to the logit l; D(x) = sigmoid(l)
$(discriminator)
)

def tensors(prefix, net):
    """What the file calls `prefix.3.conv.weight`, by PyTorch's names; flattening is no layer in the file."""
    layers = [str(i) for i, layer in enumerate(net) if not isinstance(layer, nn.Flatten)]
#: batch-norm
    roles = {"scale": "weight", "shift": "bias", "mean": "running_mean", "variance": "running_var"}
#: end
    found = {}
    for name, value in saved.items():
        if match := re.fullmatch(prefix + r"\.(\d+)\.(\w+)\.(\w+)", name):
            layer, kind, role = layers[int(match[1])], match[2], match[3]
            value = value.float()
            if kind == "dense" and role == "weight":
                value = value.T  # [inputs, outputs] in the file
            if name + ".scale" in saved:  # bytes, with one factor for each output
                outputs = (1, -1, 1, 1) if kind == "conv_transpose" else (-1, 1, 1, 1)
                value = value * saved[name + ".scale"].view(outputs[:value.dim()])
#: batch-norm
            found[f"{layer}.{roles.get(role, role)}"] = value
#: else
            found[f"{layer}.{role}"] = value
#: end
    return found

G.load_state_dict(tensors("generator" if whole else "generator.average", G))
#: spectral
found = tensors("discriminator", D)
u = {name.replace("direction", "weight"): found.pop(name) for name in list(found) if "direction" in name}
D.load_state_dict(found)
#: else
D.load_state_dict(tensors("discriminator", D))
#: end
#: average
average = copy.deepcopy(G)
average.load_state_dict(tensors("generator.average", G))
#: end

#: memory
def memory(name, net, role):
    """What an optimiser remembers for each parameter: 0 where the file has weights alone."""
    kept = tensors(f"optimiser.{name}.{role}", net)
    return [kept.get(key, torch.zeros_like(p)) for key, p in net.named_parameters()]

#: end
#: sgd
class Sgd:
    """θ = θ - r g"""
    def __init__(self, name, net):
        self.parameters = list(net.parameters())

    @torch.no_grad()
    def step(self, gradients, rate):
        for p, g in zip(self.parameters, gradients):
            p -= rate * g

#: end
#: momentum
class Momentum:
    """v = m v - r g, θ = θ + v; in torch.optim.SGD r stands outside of v, which differs when r changes."""
    def __init__(self, name, net):
        self.parameters, self.velocity = list(net.parameters()), memory(name, net, "velocity")

    @torch.no_grad()
    def step(self, gradients, rate, m):
        for p, g, v in zip(self.parameters, gradients, self.velocity):
            v.mul_(m).sub_(rate * g)
            p += v

#: end
#: nesterov
class Nesterov:
    """v = m v - r g, θ = θ + m v - r g; in torch.optim.SGD r stands outside of v, which differs when r changes."""
    def __init__(self, name, net):
        self.parameters, self.velocity = list(net.parameters()), memory(name, net, "velocity")

    @torch.no_grad()
    def step(self, gradients, rate, m):
        for p, g, v in zip(self.parameters, gradients, self.velocity):
            v.mul_(m).sub_(rate * g)
            p += m * v - rate * g

#: end
#: adam
class Adam:
    """Kingma & Ba 2015, Algorithm 1: m = b m + (1 - b) g, v = c v + (1 - c) g², θ = θ - r m̂ / (√v̂ + 1e-8), where
    m̂ and v̂ are divided by the share of gradients in them: 1 - bᵗ, also while b is changed, and 1 - cᵗ."""
    def __init__(self, name, net):
        self.parameters = list(net.parameters())
        self.mean, self.square = memory(name, net, "mean"), memory(name, net, "square")
        self.steps, self.missing = 0, 1.0
        if whole:
            note = lambda key: int(notes[key].split()[0 if net is G else 1])
            single = lambda bits: struct.unpack("f", struct.pack("I", bits))[0]
            self.steps = note("optimiser_steps")
            self.missing = single(note("bias_missing")) * single(note("bias_momentum")) ** note("bias_since")

    @torch.no_grad()
    def step(self, gradients, rate, b, c=0.999):
        self.steps, self.missing = self.steps + 1, self.missing * b
        for p, g, m, v in zip(self.parameters, gradients, self.mean, self.square):
            m.mul_(b).add_((1 - b) * g)
            v.mul_(c).add_((1 - c) * g * g)
            p -= rate * m / (1 - self.missing) / ((v / (1 - c ** self.steps)).sqrt() + 1e-8)

#: end
of_g, of_d = $(class_g)("generator", G), $(class_d)("discriminator", D)

def noise(n):
    """z, $(prior)."""
    return $(noise)

def mnist(folder):
    """Training images [60000, 1, 28, 28], -1 black to 1 white."""
    for path in folder.glob("train-images*idx3-ubyte*"):
        raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        pixels = torch.frombuffer(bytearray(raw), dtype=torch.uint8, offset=16)
        break
    else:
        from torchvision.datasets import MNIST
        pixels = MNIST(folder, download=True).data
    return pixels.view(-1, 1, 28, 28) / 127.5 - 1

#: grows
def shuffled(images, seen):
    """Batches without end, each with the epochs so far, its own share included."""
    while True:
        for chosen in torch.randperm(len(images)).split(batch):
            if len(chosen) == batch:  # a rest is left out
                seen += batch
                yield images[chosen], seen / len(images)

def grown(momentum, epoch):
    """Up to 0.7 over 250 epochs, as in the paper's mnist.yaml."""
    return momentum + (0.7 - momentum) * min(epoch / 250, 1)
#: else
def shuffled(images):
    """Batches without end; a rest is left out."""
    while True:
        yield from (images[i] for i in torch.randperm(len(images)).split(batch) if len(i) == batch)
#: end

#: spectral
def normalised(iterate):
    """D's parameters with each weight W over σ = uᵀWv, its largest singular value (Miyato et al. 2018): one power
    iteration, v = Wᵀu / |Wᵀu|, u = Wv / |Wv|, for each step of D; u and v are constants to the gradient."""
    used = dict(D.named_parameters())
    for name in u:
        matrix = used[name].flatten(1)
        with torch.no_grad():
            v = F.normalize(u[name] @ matrix, dim=0)
            if iterate:
                u[name] = F.normalize(matrix @ v, dim=0)
        used[name] = used[name] / (u[name] @ matrix @ v)
    return used

#: end
#: r1
def r1($(r1_takes)):
    """γ/2 mean |∇l(x)|² over real images, γ = $(r1) (Mescheder et al. 2018). Saddle takes its gradient by a central
    difference along ∇l, which sees the kinks of a D that is not smooth; here it is exact, and leaves them out."""
    real = real.clone().requires_grad_()
#: dropout
    D.eval()  # without dropout
#: end
    slope, = grad($(judge)real).sum(), real, create_graph=True)
#: dropout
    D.train()
#: end
    return $(r1) / 2 * slope.square().sum((1, 2, 3)).mean()

#: end
def step(t):
#: in-turn
    """k steps of D, then one of G (Goodfellow et al. 2014, Algorithm 1); t steps were taken before."""
#: else
    """A step of both at once, from the same samples, each against the other as it was; t were taken before."""
#: end
#: half-life
    decay = 0.5 ** (t / $(half_life))  # of both rates
#: end
#: alone
    for _ in range(k$(less)):
        $(real) = next(batches)
        with torch.no_grad():
#: batch-norm
            # On copies of the running statistics: those of G move when G learns.
            fake = functional_call(G, {name: b.clone() for name, b in G.named_buffers()}, noise(batch))
#: else
            fake = G(noise(batch))
#: end
#: spectral
        used = normalised(iterate=True)
#: end
        on_real, on_fake = $(judge)torch.cat([real, fake])).split(batch)
        loss_d = $(loss_d)
        of_d.step(grad(loss_d$(plus_r1), of_d.parameters), $(pace_d))
#: end
#: in-turn
#: spectral
    used = normalised(iterate=False)
#: end
    on_fake = $(judge)G(noise(batch)))
    loss_g = $(loss_g)
    of_g.step(grad(loss_g, of_g.parameters), $(pace_g))
#: else
    $(real) = next(batches)
#: spectral
    used = normalised(iterate=True)
#: end
    on_real, on_fake = $(judge)torch.cat([real, G(noise(batch))])).split(batch)
    loss_d = $(loss_d)
    loss_g = $(loss_g)
    down_d = grad(loss_d$(plus_r1), of_d.parameters, retain_graph=True)
    down_g = grad(loss_g, of_g.parameters)
    of_d.step(down_d, $(pace_d))
    of_g.step(down_g, $(pace_g))
#: end
#: average
    keep = min($(ema), (t + 1) / (t + 10))  # a long average would stay the random start for long
    for name, value in average.state_dict().items():
        if value.is_floating_point():  # running statistics too, but not the count of batches
            value.lerp_(G.state_dict()[name], 1 - keep)
#: end
    return loss_d.item(), loss_g.item()

if __name__ == "__main__":
    torch.manual_seed($(seed))
    images = mnist(Path(sys.argv[2] if len(sys.argv) > 2 else "."))
#: grows
    batches = shuffled(images, int(notes.get("images_seen", 0)))
#: else
    batches = shuffled(images)
#: end
    first = int(notes["step"]) if whole else 0
    for t in range(first, first + steps):
        loss_d, loss_g = step(t)
        if (t + 1) % 50 == 0:
            print(f"step {t + 1}: loss of D {loss_d:.3f}, of G {loss_g:.3f}")
    with torch.no_grad():
        digits = $(shown).eval()(noise(64)).view(8, 8, 28, 28).transpose(1, 2).flatten()
    Path("digits.pgm").write_bytes(b"P5 224 224 255 " + bytes((127.5 * digits + 127.5).round().int().tolist()))
