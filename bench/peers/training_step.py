"""One training step of the network of `./anneal bench` in PyTorch eager: same sizes, same work.

python bench/peers/training_step.py [steps]
"""
import json
import resource
import statistics
import sys
import time

import torch
import torch.nn.functional as F
from torch import nn

LAYERS, HEADS, CHANNELS, TOKENS, LENGTH, BATCH, WARM_UP = 6, 4, 256, 8192, 256, 8, 3


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm1 = nn.LayerNorm(CHANNELS, bias=False)
        self.qkv = nn.Linear(CHANNELS, 3 * CHANNELS, bias=False)
        self.out = nn.Linear(CHANNELS, CHANNELS, bias=False)
        self.norm2 = nn.LayerNorm(CHANNELS, bias=False)
        self.up = nn.Linear(CHANNELS, 4 * CHANNELS)
        self.down = nn.Linear(4 * CHANNELS, CHANNELS)

    def forward(self, x, cos, sin):
        q, k, v = self.qkv(self.norm1(x)).view(BATCH, LENGTH, 3, HEADS, -1).permute(2, 0, 3, 1, 4)
        q, k = (t * cos + torch.cat((-t[..., t.shape[-1] // 2:], t[..., : t.shape[-1] // 2]), -1) * sin for t in (q, k))
        mixed = F.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(BATCH, LENGTH, CHANNELS)
        x = x + self.out(mixed)
        return x + self.down(F.gelu(self.up(self.norm2(x)), approximate="tanh"))


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(TOKENS + 1, CHANNELS)
        self.blocks = nn.ModuleList(Block() for _ in range(LAYERS))
        self.norm = nn.LayerNorm(CHANNELS, bias=False)
        self.head = nn.Linear(CHANNELS, TOKENS)
        half = CHANNELS // HEADS // 2
        angles = torch.arange(LENGTH)[:, None] * 10000 ** (-torch.arange(half) / half)
        angles = torch.cat((angles, angles), -1)
        self.register_buffer("cos", angles.cos())
        self.register_buffer("sin", angles.sin())

    def forward(self, ids):
        x = self.embedding(ids)
        for block in self.blocks:
            x = block(x, self.cos, self.sin)
        return self.head(self.norm(x))


def main():
    steps = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    torch.manual_seed(1)
    network = Network()
    optimizer = torch.optim.AdamW(network.parameters(), lr=3e-4, betas=(0.9, 0.95), weight_decay=0.1, fused=True)
    milliseconds = []
    for step in range(-WARM_UP, steps):
        ids, targets = torch.randint(TOKENS + 1, (BATCH, LENGTH)), torch.randint(TOKENS, (BATCH * LENGTH,))
        weights = torch.rand(BATCH * LENGTH)
        start = time.perf_counter()
        optimizer.zero_grad()
        nats = F.cross_entropy(network(ids).view(-1, TOKENS), targets, reduction="none")
        loss = (nats * weights).sum() / (BATCH * LENGTH)
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        loss.item()
        if step >= 0:
            milliseconds.append((time.perf_counter() - start) * 1e3)
    median = statistics.median(milliseconds)
    print(json.dumps({
        "library": "PyTorch " + torch.__version__,
        "threads": torch.get_num_threads(),
        "median_ms": median,
        "best_ms": min(milliseconds),
        "tokens_per_second": BATCH * LENGTH / median * 1e3,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }))


main()
