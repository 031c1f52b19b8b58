// 10^x to the last bit. The browser's Math.pow may be one unit in the last place off, which a shelf at 10 Hz and 192 kHz
// shows as 4e-9 dB; numbers here are sums of two doubles.

type Pair = readonly [high: number, low: number];

const ln10: Pair = [2.302585092994046, -2.1707562233822494e-16];
const halvings = 10;
const terms = 9;

function product(a: number, b: number): Pair {
    const high = a * b;
    const [ah, al] = split(a);
    const [bh, bl] = split(b);
    return [high, ah * bh - high + ah * bl + al * bh + al * bl];
}

/** Veltkamp's split into two halves of 26 bits. */
function split(a: number): Pair {
    const t = 134217729 * a;
    const high = t - (t - a);
    return [high, a - high];
}

function sum(a: number, b: number): Pair {
    const high = a + b;
    const back = high - a;
    return [high, a - (high - back) + (b - back)];
}

function times(a: Pair, b: Pair): Pair {
    const [high, low] = product(a[0], b[0]);
    return sum(high, low + (a[0] * b[1] + a[1] * b[0]));
}

function plusOne(a: Pair): Pair {
    const [high, low] = sum(1, a[0]);
    return sum(high, low + a[1]);
}

/** 10^x for |x| up to 300, correctly rounded but for the rarest ties. */
export function powerOfTen(x: number): number {
    if (x === 0) return 1;
    const scale = Math.pow(2, -halvings);
    const [high, low] = times([x, 0], ln10);
    const step: Pair = [high * scale, low * scale];
    // Horner: 1 + s(1 + s/2(1 + s/3(…))).
    let result: Pair = [1, 0];
    for (let n = terms; n >= 1; n--) {
        const part = times(step, result);
        result = plusOne(divide(part, n));
    }
    for (let n = 0; n < halvings; n++) result = times(result, result);
    return result[0];
}

function divide(a: Pair, n: number): Pair {
    const high = a[0] / n;
    const [back, backLow] = product(high, n);
    return sum(high, (a[0] - back - backLow + a[1]) / n);
}
