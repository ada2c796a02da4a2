/**
 * How a worker gets the code that it runs: it asks the main thread, which erases each module once for all workers of
 * the process, and waits. A worker that erased its code itself would load a parser and a type stripper first, and
 * each would do what the others do: 200 ms of a start. Hence this file and what it imports is JavaScript.
 *
 * An answer is UTF-8 text in shared memory behind two words: what it is, and how many bytes. Of one that does not
 * fit only the length comes.
 */
import { BroadcastChannel } from 'node:worker_threads';

/** Where workers ask: with a module's URL, and the shared memory for the answer. */
export const CHANNEL = 'contend: sources';
export const HEADER_BYTES = 8;
/** What an answer is; zero while there is none. */
export const SOURCE = 1;
export const PROBLEM = 2;
export const TOO_LONG = 3;

const FIRST_BYTES = 2 ** 18;

/** @param {string} url */
export function isSource(url) {
  return (
    url.startsWith('file:') && /\.m?ts$/.test(url.replace(/[?#].*$/, '')) && !/\/node_modules\//.test(url)
  );
}

/**
 * The source of a module, types and coroutines gone. In a worker.
 *
 * @param {string} url
 * @returns {string}
 */
export function sourceOf(url) {
  const channel = new BroadcastChannel(CHANNEL);
  try {
    for (let bytes = FIRST_BYTES; ; ) {
      const memory = new SharedArrayBuffer(HEADER_BYTES + bytes);
      const [words, text] = [new Int32Array(memory, 0, 2), new Uint8Array(memory, HEADER_BYTES)];
      channel.postMessage({ url, memory });
      Atomics.wait(words, 0, 0);
      bytes = words[1];
      if (words[0] === TOO_LONG) continue;
      const answer = new TextDecoder().decode(text.slice(0, bytes));
      if (words[0] === SOURCE) return answer;
      throw new SyntaxError(answer);
    }
  } finally {
    channel.close();
  }
}
