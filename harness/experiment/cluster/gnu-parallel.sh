#!/bin/bash
# A sweep in shards under GNU parallel: on this host, or on those of --sshlogin.
#
#   gnu-parallel.sh EXPERIMENT OUT SHARDS [OPTIONS OF PARALLEL…]
#
# The same command again runs the shards that have not ended well, and what these lack, and merges.
set -eu
experiment=$1 out=$2 shards=$3
shift 3
mkdir -p "$out/parts"
# The Node of the clone.
contend="PATH=node_modules/.bin:\$PATH node harness/cli/contend.js"
status=0
parallel --joblog "$out/parts.log" --resume-failed "$@" \
  "$contend sweep '$experiment' --shard {}/$shards --out '$out/parts/{}' --workers 1" \
  ::: $(seq "$shards") || status=$?
bash -c "$contend merge '$out'/parts/* --out '$out'" || status=$?
exit "$status"
