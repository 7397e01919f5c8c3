"""Quenched generation by the GPT-2 of transformers with its cache: the sizes of `./anneal bench generate`.

python bench/peers/generate.py [batch] [runs]

Counted are 64 tokens behind a prompt of 512: the time of 65 less the time of one.
"""
import json
import statistics
import sys
import time

import torch
import transformers

LAYERS, HEADS, CHANNELS, TOKENS, LENGTH, PROMPT, COUNTED = 6, 4, 256, 8192, 1024, 512, 64


def seconds(network, prompt, tokens):
    start = time.perf_counter()
    network.generate(
        prompt,
        attention_mask=torch.ones_like(prompt),
        do_sample=True,
        top_k=0,
        min_new_tokens=tokens,
        max_new_tokens=tokens,
        pad_token_id=0,
        use_cache=True,
    )
    return time.perf_counter() - start


def main():
    batch = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    torch.manual_seed(1)
    config = transformers.GPT2Config(
        vocab_size=TOKENS,
        n_positions=LENGTH,
        n_embd=CHANNELS,
        n_layer=LAYERS,
        n_head=HEADS,
        bos_token_id=0,
        eos_token_id=None,
    )
    network = transformers.GPT2LMHeadModel(config).eval()
    prompt = torch.randint(1, TOKENS, (batch, PROMPT))
    seconds(network, prompt, 8)
    speeds = [
        batch * COUNTED / (seconds(network, prompt, COUNTED + 1) - seconds(network, prompt, 1))
        for _ in range(runs)
    ]
    print(json.dumps({
        "library": f"transformers {transformers.__version__}, PyTorch {torch.__version__}",
        "threads": torch.get_num_threads(),
        "batch": batch,
        "tokens_per_second": statistics.median(speeds),
    }))


main()
