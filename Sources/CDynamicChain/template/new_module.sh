#!/bin/sh
# Makes the folder of a new built-in module from the example beside this script.
#
#   template/new_module.sh NAME TYPE_ID
#
# NAME is a lower-case C identifier ("tremolo"), TYPE_ID the module's number ("0x16670001"). The folder is
# modules/NAME; nothing that exists is overwritten.
# SPDX-License-Identifier: Apache-2.0
set -eu

fail() {
    echo "new_module.sh: $1" >&2
    exit 1
}

[ $# -eq 2 ] || fail "usage: new_module.sh NAME TYPE_ID"
name=$1
type_id=$2
here=$(cd "$(dirname "$0")" && pwd)
modules=$(cd "$here/../modules" && pwd)

case $name in
    *[!a-z0-9_]* | [!a-z]* | '') fail "NAME '$name' must be lower-case letters, digits and _, a letter first" ;;
    example | shared) fail "NAME '$name' is taken" ;;
esac
hex=${type_id#0x}
case $hex in
    *[!0-9A-Fa-f]* | '') fail "TYPE_ID '$type_id' must be hexadecimal, 0x and eight digits" ;;
esac
[ "$hex" != "$type_id" ] && [ ${#hex} -eq 8 ] || fail "TYPE_ID '$type_id' must be hexadecimal, 0x and eight digits"
if grep -rqi --include='*.c' "typeNumId = 0x${hex}u" "$modules"; then
    fail "TYPE_ID $type_id belongs to another module"
fi
[ ! -e "$modules/$name" ] || fail "$modules/$name exists"

upper=$(printf '%s' "$name" | tr '[:lower:]' '[:upper:]')
first=$(printf '%s' "$name" | cut -c1 | tr '[:lower:]' '[:upper:]')
title=$first$(printf '%s' "$name" | cut -c2-)

mkdir "$modules/$name"
for file in "$here"/example/*; do
    base=$(basename "$file")
    sed -e "s/example/$name/g" -e "s/Example/$title/g" -e "s/EXAMPLE/$upper/g" -e "s/0x16679000/0x$hex/g" \
        "$file" >"$modules/$name/$(printf '%s' "$base" | sed "s/^example/$name/")"
done

cat <<EOF
Made $modules/$name. To make it known:
  framework/registry.c  include "../modules/$name/$name.h" and add &dynchain_${name}_table to builtIns
  Package.swift         add "$name" to \`modules\` (the build must not see README and test)
CMake finds sources and test by itself.
EOF
