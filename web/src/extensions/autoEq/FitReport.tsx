// What a fit came to, in numbers and words.
import { typeNames } from "../../eq/bands";
import { gainText, hertzText, qText } from "../../eq/texts";
import type { FitResult } from "./result";

export function FitReport({ result }: { result: FitResult }): JSX.Element {
    const { error, range, bands, notes } = result;
    return (
        <div className="auto-eq-report">
            <dl className="auto-eq-figures" aria-label="Distance from the target">
                <div><dt>Before</dt><dd>{decibels(error.rmsBefore)} RMS</dd></div>
                <div><dt>After</dt><dd>{decibels(error.rmsAfter)} RMS, {decibels(error.maxAfter)} at most</dd></div>
                <div><dt>Fitted</dt><dd>{hertzText(range[0])} to {hertzText(range[1])}</dd></div>
            </dl>
            {notes.length > 0 && <ul className="auto-eq-notes dim">{notes.map((note) => <li key={note}>{note}</li>)}</ul>}
            {bands.length > 0 && (
                <details>
                    <summary>{bandsText(bands.length)}</summary>
                    <table className="plain">
                        <thead>
                            <tr>{["Band", "Type", "Frequency", "Gain", "Q"].map((name) => <th key={name} scope="col">{name}</th>)}</tr>
                        </thead>
                        <tbody>
                            {bands.map((band, i) => (
                                <tr key={i}>
                                    <td>{i + 1}</td>
                                    <td>{typeNames[band.type]}</td>
                                    <td>{hertzText(band.frequency)}</td>
                                    <td>{gainText(band.gainDb)}</td>
                                    <td>{qText(band.q)}</td>
                                </tr>
                            ))}
                        </tbody>
                    </table>
                </details>
            )}
        </div>
    );
}

/** "1 band", "5 bands". */
export function bandsText(count: number): string {
    return `${count} band${count === 1 ? "" : "s"}`;
}

function decibels(value: number): string {
    return `${value.toFixed(value < 0.995 ? 2 : 1)} dB`;
}
