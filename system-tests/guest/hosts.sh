#!/usr/bin/env bash
# Runs a program of two ranks on two virtual machines (guest.sh), which are two hosts with an RDMA device each.
#
#   hosts.sh PROGRAM [ARGUMENT...]
#
# Exit code 0 if both ranks ended well; 69, after a line that says why, if this machine has no guest.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../.."

"$here/guest.sh" --deadline 120 ibv_devinfo >/dev/null
wire=$((20000 + RANDOM % 10000))
secret=$RANDOM$RANDOM$RANDOM
pids=()
for host in 1 2; do
    "$here/guest.sh" --deadline "${GUEST_DEADLINE:-400}" --host "$host" --wire "$wire" env PORTHOLE_TRANSPORTS=rdma PORTHOLE_JOB_SIZE=2 \
        PORTHOLE_JOB_RANK=$((host - 1)) PORTHOLE_JOB_RENDEZVOUS=10.5.0.1:4711 PORTHOLE_JOB_SECRET="$secret" PORTHOLE_HOST="guest-$host" \
        PORTHOLE_JOB_DEADLINE=200s ./porthole exec "$@" 2>&1 | sed "s/^/[host $host] /" &
    pids+=($!)
    sleep 2 # the first listens on the wire
done
code=0
for pid in "${pids[@]}"; do
    wait "$pid" || code=$?
done
exit "$code"
