/** A queue of stereo samples of a fixed size. */
export class StereoRing {
    readonly left: Float32Array;
    readonly right: Float32Array;
    /** For indices into `left` and `right`. */
    readonly mask: number;
    private head = 0;
    private tail = 0;

    /** Room for at least `frames`. */
    constructor(frames: number) {
        const size = 2 ** Math.ceil(Math.log2(Math.max(2, frames)));
        this.left = new Float32Array(size);
        this.right = new Float32Array(size);
        this.mask = size - 1;
    }

    /** Frames that can be read. */
    get length(): number {
        return this.tail - this.head;
    }

    /** Frames that can be written. */
    get room(): number {
        return this.mask + 1 - this.length;
    }

    /** Place of the first frame to be read; to be used with `mask`. */
    get start(): number {
        return this.head;
    }

    push(left: number, right: number): void {
        this.left[this.tail & this.mask] = left;
        this.right[this.tail & this.mask] = right;
        this.tail += 1;
    }

    pushSilence(frames: number): void {
        for (let index = Math.min(frames, this.room); index > 0; index--) this.push(0, 0);
    }

    drop(frames: number): void {
        this.head += Math.min(frames, this.length);
    }

    clear(): void {
        this.head = 0;
        this.tail = 0;
    }

    /** Lets the last frames, at most `frames`, fall to zero, so that what follows may begin anywhere. */
    fadeTail(frames: number): void {
        const count = Math.min(frames, this.length);
        for (let index = 0; index < count; index++) {
            const gain = 1 - (index + 1) / count;
            const place = (this.tail - count + index) & this.mask;
            this.left[place] *= gain;
            this.right[place] *= gain;
        }
    }
}
