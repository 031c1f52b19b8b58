/** Numbers from 0 to 1 that are the same in every run; the ends are among them. */
export function randomNumbers(count: number, seed = 1): number[] {
    let state = seed;
    const numbers = [0, 1];
    while (numbers.length < count) {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        numbers.push(state / 2 ** 32);
    }
    return numbers;
}
