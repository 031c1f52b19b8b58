#!/bin/sh
# Checks what a built library gives to and takes from the outside.
#
#   check_symbols.sh LIBRARY      libDynamicChain.so: every exported symbol has our prefix
#                                 libDynamicChain.a:  besides, it needs nothing but libm, memory and string functions, shown
#                                                     by its undefined symbols and by linking it without a C library
# Environment: CC, NM.
set -eu

library=$1
here=$(dirname "$0")
cc=${CC:-cc}
nm=${NM:-nm}
prefix='^(Dyn(Chain|Host|HostPlan|PC|Pool|Ring|Driver|Follower|Levels|Spectrum|Tap)_|dyn(chain|host|pc|pool|ring|driver|follower|levels|spectrum|tap)_)'
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

case $library in
*.a) bare_metal=1 table=-g ;;
*.dylib) bare_metal=0 table=-g ;;
*) bare_metal=0 table=-D ;;
esac

"$nm" $table --defined-only "$library" | awk 'NF == 3 { sub(/^_/, "", $3); print $3 }' |
    grep -E -v '^(_bss_start|edata|end)$' | sort -u >"$work/defined" # the linker's own
[ -s "$work/defined" ] || { echo "$library: no symbols found" >&2; exit 1; }
if grep -E -v "$prefix" "$work/defined" >"$work/foreign"; then
    echo "$library: exported without our prefix:" >&2
    cat "$work/foreign" >&2
    exit 1
fi
grep -q '^DynChain_Process$' "$work/defined" || { echo "$library: DynChain_Process is missing" >&2; exit 1; }
echo "$library: $(wc -l <"$work/defined") symbols, all prefixed"
[ $bare_metal = 1 ] || exit 0

# Undefined anywhere and defined nowhere in the archive.
"$nm" -g --undefined-only "$library" | awk 'NF == 2 { sub(/^_/, "", $2); print $2 }' | sort -u >"$work/undefined"
comm -23 "$work/undefined" "$work/defined" >"$work/needed"
allowed='^(mem(cpy|move|set|cmp|chr)|bcmp|str(len|cmp|ncmp|chr|cspn)|GLOBAL_OFFSET_TABLE_'
allowed="$allowed|(sin|cos|tan|sincos|atan|atan2|exp|exp2|expm1|log|log2|log10|log1p|pow|sqrt|fabs|floor|ceil|round|trunc|rint|lrint|lround|fmod|fmin|fmax|copysign|hypot|sinh|cosh|tanh|asinh)f?)\$"
if grep -E -v "$allowed" "$work/needed" >"$work/foreign"; then
    echo "$library: needs more than libm, memory and string functions:" >&2
    cat "$work/foreign" >&2
    exit 1
fi
echo "$library: needs only: $(tr '\n' ' ' <"$work/needed")"

"$cc" -O1 -fPIC -ffreestanding -fno-builtin -c "$here/bare_metal_memory.c" -o "$work/memory.o"
"$cc" -nostdlib -shared -Wl,--no-undefined -o "$work/linked.so" \
    -Wl,--whole-archive "$library" -Wl,--no-whole-archive "$work/memory.o" -lm
echo "$library: links with libm alone"
