#!/bin/bash
# One shard of a sweep, as a task of a Slurm array. README.md beside this file says how it is submitted.
#
#   EXPERIMENT   the experiment file
#   OUT          a folder that all nodes see; each shard gets one of its own in $OUT/parts
#   SHARDS       how many there are. Given by hand, since SLURM_ARRAY_TASK_COUNT is 1 when one task is submitted again.
#
#SBATCH --job-name=contend
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --signal=B:TERM@60
set -eu
# The Node of the clone, in the shell's place: what asks the task to end reaches the sweep, which leaves its folder in order.
PATH="$PWD/node_modules/.bin:$PATH"
exec node harness/cli/contend.js sweep "$EXPERIMENT" --shard "$SLURM_ARRAY_TASK_ID/$SHARDS" \
  --out "$OUT/parts/$SLURM_ARRAY_TASK_ID" --workers "${SLURM_CPUS_PER_TASK:-1}"
