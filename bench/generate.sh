#!/bin/sh
# Times quenched generation in Anneal and by the GPT-2 of transformers, in turn, and prints medians.
#
#   bench/generate.sh PYTHON [BATCH] [ROUNDS]
#
# PYTHON has torch and transformers installed. Environment: as for ./anneal.

set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
python=${1:?usage: bench/generate.sh PYTHON [BATCH] [ROUNDS]}
batch=${2:-1}
rounds=${3:-5}
results=$(mktemp)
trap 'rm -f "$results"' EXIT

round=0
while [ "$round" -lt "$rounds" ]; do
  "$root/anneal" bench generate --hyperschedule quenched --batch "$batch" --rounds 3 --json >> "$results"
  (unset OMP_WAIT_POLICY GOMP_SPINCOUNT; "$python" "$root/bench/peers/generate.py" "$batch") >> "$results"
  round=$((round + 1))
done

"$python" - "$results" << 'END'
import json, statistics, sys
rows = [json.loads(line) for line in open(sys.argv[1])]
for row in rows:
    if "contests" in row:
        row["tokens_per_second"] = row["contests"][0]["tokens_per_second"]
for mine in (rows[::2], rows[1::2]):
    print(f'{mine[0]["library"]}: {statistics.median(r["tokens_per_second"] for r in mine):.0f} tokens/s '
          f'(median of {len(mine)} rounds, {mine[0]["threads"]} threads)')
pairs = [a["tokens_per_second"] / b["tokens_per_second"] for a, b in zip(rows[::2], rows[1::2])]
print(f"Anneal / transformers, pair by pair: median {statistics.median(pairs):.2f}, "
      f"from {min(pairs):.2f} to {max(pairs):.2f}")
END
