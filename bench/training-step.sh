#!/bin/sh
# Times one training step in Anneal and in PyTorch eager, in turn, and prints the medians.
#
#   bench/training-step.sh PYTHON [ROUNDS]
#
# PYTHON has torch installed. Environment: ANNEAL_LIBTORCH, ANNEAL_OPENBLAS, OMP_* as for ./anneal.

set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
python=${1:?usage: bench/training-step.sh PYTHON [ROUNDS]}
rounds=${2:-5}
results=$(mktemp)
trap 'rm -f "$results"' EXIT

round=0
while [ "$round" -lt "$rounds" ]; do
  "$root/anneal" bench training --json >> "$results"
  (unset OMP_WAIT_POLICY; "$python" "$root/bench/peers/training_step.py") >> "$results"
  round=$((round + 1))
done

"$python" - "$results" << 'END'
import json, statistics, sys
rows = [json.loads(line) for line in open(sys.argv[1])]
names = sorted({row["library"] for row in rows})
for name in names:
    mine = [row for row in rows if row["library"] == name]
    print(f'{name}: {statistics.median(r["median_ms"] for r in mine):.0f} ms a step, '
          f'{statistics.median(r["tokens_per_second"] for r in mine):.0f} tokens/s, '
          f'peak {statistics.median(r["peak_mb"] for r in mine):.0f} MB '
          f'(medians of {len(mine)} rounds, {mine[0]["threads"]} threads)')
pairs = [a["tokens_per_second"] / b["tokens_per_second"] for a, b in zip(rows[::2], rows[1::2])]
print(f"Anneal / PyTorch, pair by pair: median {statistics.median(pairs):.2f}, "
      f"from {min(pairs):.2f} to {max(pairs):.2f}")
END
