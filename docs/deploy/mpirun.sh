#!/bin/sh
# mpirun.sh HOST:SLOTS,HOST:SLOTS... PROGRAM [args...]: a job under Open MPI, two of its lines to copy.
# Variables reach other hosts only if they are named.
set -eu
hosts=$1
shift
exec mpirun --host "$hosts" -x PATH ${PORTHOLE_JVM:+-x PORTHOLE_JVM} porthole exec "$@"
