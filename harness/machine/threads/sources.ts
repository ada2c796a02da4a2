/** Erases in the main thread what workers import; asking.js says how they ask. */
import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { fileURLToPath } from 'node:url';
import { BroadcastChannel } from 'node:worker_threads';
import { CHANNEL, HEADER_BYTES, PROBLEM, SOURCE, TOO_LONG } from './asking.js';
import { eraseCoroutines } from './erase.ts';

interface Question {
  readonly url: string;
  readonly memory: SharedArrayBuffer;
}

const erased = new Map<string, string>();
let channel: BroadcastChannel | undefined;

/** From now on workers of this process are answered. Does not keep the process alive. */
export function serveSources(): void {
  if (channel !== undefined) return;
  channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = (message) => answer((message as { data: Question }).data);
  channel.unref();
}

function answer({ url, memory }: Question): void {
  const words = new Int32Array(memory, 0, 2);
  const room = new Uint8Array(memory, HEADER_BYTES);
  const { kind, text } = erasedText(url);
  const bytes = Buffer.from(text);
  const fits = bytes.length <= room.length;
  if (fits) room.set(bytes);
  words[1] = bytes.length;
  // What the worker waits for comes last: it reads the rest right after.
  Atomics.store(words, 0, fits ? kind : TOO_LONG);
  Atomics.notify(words, 0);
}

function erasedText(url: string): { kind: number; text: string } {
  try {
    const file = fileURLToPath(url);
    const text = erased.get(url) ?? eraseCoroutines(stripped(file), file);
    erased.set(url, text);
    return { kind: SOURCE, text };
  } catch (error) {
    return { kind: PROBLEM, text: (error as Error).message };
  }
}

/** The file with its types blanked; lines and columns stay. */
function stripped(file: string): string {
  try {
    return stripTypeScriptTypes(readFileSync(file, 'utf8'), { mode: 'strip' });
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    // Node writes the line at the head of the stack, and nowhere else.
    const line = /^:(\d+)/.exec(error.stack ?? '')?.[1];
    throw new SyntaxError(`${file}${line === undefined ? '' : `:${line}`}: ${error.message}`);
  }
}
