// The page's importer for a check outside the browser: takes [{text, format?, sampleRate, coefficientRate?, channels?,
// preamp?}] as JSON on standard input and writes, for each, the plan and the bands' levels at "frequencies" in dB.
import { readFileSync } from "node:fs";
import { limitsFrom } from "../src/eq/bands";
import { design } from "../src/eq/biquad";
import { readDocument, type TextFormat } from "../src/eq/import/document";
import { planImport, type PreampUse } from "../src/eq/import/plan";
import { gridAt, seriesMagnitude } from "../src/eq/response";

interface Job {
    text: string;
    sampleRate: number;
    frequencies: number[];
    format?: TextFormat;
    coefficientRate?: number;
    channels?: number;
    preamp?: PreampUse;
}

const jobs = JSON.parse(readFileSync("/dev/stdin", "utf8")) as Job[];
const results = jobs.map((job) => {
    const document = readDocument(job.text, {
        format: job.format,
        sampleRate: job.coefficientRate ?? job.sampleRate,
        highest: job.sampleRate / 2,
    });
    const plan = planImport(document, {
        sampleRate: job.sampleRate,
        limits: limitsFrom([], job.sampleRate),
        channelCount: job.channels ?? 1,
        preamp: job.preamp ?? "shelf",
        room: 20,
    });
    const grid = gridAt(job.sampleRate, Float64Array.from(job.frequencies));
    const db = plan.bands.map((bands) => {
        const sections = bands.filter((band) => band.isEnabled).map((band) => design(band, job.sampleRate));
        return Array.from(seriesMagnitude(sections, grid));
    });
    return { format: document.format, plan, db };
});
console.log(JSON.stringify(results));
