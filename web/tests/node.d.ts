// The parts of Node that the tests use. The full declarations are no package of Debian, and not worth a dependency.
declare module "node:test" {
    type Body = () => void | Promise<void>;
    interface Test {
        (name: string, body: Body): void;
        (name: string, options: { timeout?: number; skip?: boolean | string }, body: Body): void;
    }
    export const test: Test;
    export const it: Test;
    export const describe: (name: string, body: () => void) => void;
    export const before: (body: Body) => void;
    export const after: (body: Body) => void;
    export const beforeEach: (body: Body) => void;
    export const afterEach: (body: Body) => void;
    export const mock: {
        timers: { enable(options?: unknown): void; tick(ms: number): void; reset(): void };
    };
    export default test;
}

declare module "node:assert/strict" {
    interface Assert {
        (value: unknown, message?: string): asserts value;
        ok(value: unknown, message?: string): asserts value;
        equal(actual: unknown, expected: unknown, message?: string): void;
        notEqual(actual: unknown, expected: unknown, message?: string): void;
        strictEqual(actual: unknown, expected: unknown, message?: string): void;
        deepEqual(actual: unknown, expected: unknown, message?: string): void;
        deepStrictEqual(actual: unknown, expected: unknown, message?: string): void;
        notDeepEqual(actual: unknown, expected: unknown, message?: string): void;
        match(text: string, pattern: RegExp, message?: string): void;
        doesNotMatch(text: string, pattern: RegExp, message?: string): void;
        throws(body: () => unknown, expected?: unknown, message?: string): void;
        doesNotThrow(body: () => unknown, message?: string): void;
        rejects(body: Promise<unknown> | (() => Promise<unknown>), expected?: unknown, message?: string): Promise<void>;
        fail(message?: string): never;
    }
    const assert: Assert;
    export default assert;
}

declare module "node:fs" {
    export function readFileSync(path: string, encoding: "utf8"): string;
    export function existsSync(path: string): boolean;
    export function readdirSync(path: string): string[];
    export function writeFileSync(path: string, text: string): void;
    export function mkdirSync(path: string, options?: { recursive?: boolean }): void;
}

declare module "node:path" {
    export function join(...parts: string[]): string;
    export function resolve(...parts: string[]): string;
    export function dirname(path: string): string;
    export function basename(path: string, suffix?: string): string;
    const path: {
        join: typeof join;
        resolve: typeof resolve;
        dirname: typeof dirname;
        basename: typeof basename;
    };
    export default path;
}

declare module "node:child_process" {
    export function execFileSync(file: string, args: string[], options?: { encoding?: "utf8"; input?: string }): string;
}

declare const process: {
    cwd(): string;
    env: Record<string, string | undefined>;
    argv: string[];
};
