/** Traces as files: one as `anneal generate --trace` writes it, or a list of two that were compared. */

import { Trace } from "./trace.js";

/** Hands traces to the reader as a file. */
export function save(traces) {
  const text = JSON.stringify(traces.length === 1 ? traces[0] : traces);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  link.download = `anneal-${traces[0].hyperschedule.name}-seed-${traces[0].seed}.json`;
  link.click();
  URL.revokeObjectURL(link.href);
}

/** The traces of a file; an Error says in words what is wrong with it. */
export async function load(file) {
  try {
    const read = JSON.parse(await file.text());
    return (Array.isArray(read) ? read.slice(0, 2) : [read]).map(each => new Trace(each));
  } catch (failure) {
    const words = failure instanceof SyntaxError ? "It is not JSON." : failure.message;
    throw new Error(`${file.name} cannot be opened. ${words}`);
  }
}
