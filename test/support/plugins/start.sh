#!/bin/sh
# Starts the stand-in of a folder: start.sh <folder> <what the engine gives a plugin>. Pulumi reads the port from what it prints first.
# The official plugins are programs that start at once, and the engine starts one after the other: a stand-in is made one file at
# its first start in a project, and what Node has compiled of it is kept beside it.
plugins=$1/..
root=$plugins/../../..
made=$root/.gatewright/stand-ins
bundle=$made/${1##*/}/main.cjs
node=$root/node_modules/.bin/node
[ -f "$bundle" ] || "$node" "$plugins/bundle.ts" "$1/main.ts" "$bundle" >&2 || exit 1
NODE_COMPILE_CACHE=$made/compiled
export NODE_COMPILE_CACHE
shift
exec "$node" "$bundle" "$@"
