/** One message of `/ws/audio`. */
export interface AudioPacket {
    /** Number of the message since the listener connected. */
    frame: number;
    /** Hz. */
    rate: number;
    channels: number;
    /** Samples of each channel. */
    count: number;
    /** Interleaved. */
    samples: Float32Array;
}

const headerBytes = 12;

/** Reads a message; undefined when it is none. */
export function readPacket(data: ArrayBuffer): AudioPacket | undefined {
    if (data.byteLength < headerBytes) return undefined;
    const view = new DataView(data);
    const rate = view.getUint32(4, true);
    const channels = view.getUint16(8, true);
    const count = view.getUint16(10, true);
    const length = channels * count;
    if (rate < 1000 || channels === 0 || data.byteLength < headerBytes + 4 * length) return undefined;
    return { frame: view.getUint32(0, true), rate, channels, count, samples: floats(data, view, length) };
}

function floats(data: ArrayBuffer, view: DataView, length: number): Float32Array {
    if (isLittleEndian) return new Float32Array(data, headerBytes, length);
    const samples = new Float32Array(length);
    for (let index = 0; index < length; index++) samples[index] = view.getFloat32(headerBytes + 4 * index, true);
    return samples;
}

const isLittleEndian = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;
