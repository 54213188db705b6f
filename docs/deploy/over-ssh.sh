#!/bin/sh
# over-ssh.sh "HOST HOST ..." PROGRAM [args...]: a rank on each host, the first of which is rank 0. All hosts must see the same home.
set -eu
hosts=$1
shift
set -- porthole exec "$@"
size=$(echo "$hosts" | wc -w)
zero=${hosts%% *}

rank=0
pids=
for host in $hosts; do
    # -tt: the rank gets SIGHUP when its connection ends.
    ssh -tt -o BatchMode=yes "$host" "cd '$PWD' && PORTHOLE_JOB_RANK=$rank PORTHOLE_JOB_SIZE=$size PORTHOLE_JOB_RENDEZVOUS=$zero:41700 $*" </dev/null &
    pids="$pids $!"
    rank=$((rank + 1))
done
trap 'kill $pids 2>/dev/null' INT TERM HUP

code=0
for pid in $pids; do
    wait "$pid" || code=$?
done
exit "$code"
