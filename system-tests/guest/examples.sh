#!/usr/bin/env bash
# Runs the examples over RDMA in the guest (guest.sh): two processes each, with words that make them small.
#
#   examples.sh [EXAMPLE...]
#
# Exit code 0 if all ended well; 69, after a line that says why, if this machine has no guest.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../.."

"$here/guest.sh" --deadline 120 ibv_devinfo >/dev/null
./porthole run -n 2 ring >/dev/null # built, and the archive made that ranks start from, before the guest needs them

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat >"$work/words" <<END
ring --rounds 20
heat --iterations 20 --verify --output /tmp/out.png
randomaccess --log2-words 13
pagerank --iterations 5
transpose --iterations 2 --order 192
stencil --iterations 2 --order 120
p2p --iterations 1 --columns 60 --rows 60
samplesort --keys 20000
hashmap --input $work/words
spmv --tolerance 1e-4
life --columns 64 --rows 64 --generations 20
taskfarm --tasks 500
kvstore --keys 200
pipeline --blocks 20 --kib 64
chat --lines 3
END
cat >"$work/run" <<'END'
code=0
words=$1
shift
while read -r name rest; do
    case " ${*:-$name} " in *" $name "*) ;; *) continue ;; esac
    begin=$SECONDS
    # shellcheck disable=SC2086
    if ./porthole run -n 2 "$name" $rest >/tmp/out.txt 2>&1 </dev/null; then
        echo "$((SECONDS - begin)) s  $name"
    else
        code=1
        echo "$name failed:"
        cat /tmp/out.txt
    fi
done <"$words"
exit $code
END
"$here/guest.sh" --deadline "${GUEST_DEADLINE:-600}" env PORTHOLE_TRANSPORTS=rdma PORTHOLE_JVM="-XX:TieredStopAtLevel=1 -XX:+UseSerialGC" \
    bash "$work/run" "$work/words" "$@"
