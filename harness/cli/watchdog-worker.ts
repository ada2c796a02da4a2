/**
 * The thread of the watchdog. It interrupts the main one as a debugger would, which also tells where that is, and
 * ends the process with a line and status 1.
 */
import { writeSync } from 'node:fs';
import { type Debugger, Session } from 'node:inspector';
import { fileURLToPath } from 'node:url';
import { workerData } from 'node:worker_threads';
import { processorTime_ms, silenceOf } from '../experiment/patience.ts';
import { Silence } from '../machine/simulated/pulse.ts';
import type { Watch } from './watchdog.ts';

const HARNESS = new URL('../', import.meta.url).href;
const TICK_MS = 250;
/** Long native calls cannot be interrupted. */
const PAUSE_MS = 5000;
/** Enough for this session to be closed: a process that is debugged waits for that. */
const EXIT_AFTER_MS = 300;
const EXIT = `globalThis.setTimeout(() => globalThis.process.exit(1), ${EXIT_AFTER_MS}), 0`;

const { pulse, name, patience_ms, lineStart } = workerData as Watch;
const silence = new Silence(pulse, patience_ms);
let ending = false;

// It also wakes this thread for what the main one answers.
setInterval(() => {
  if (!ending && silence.isTooLong(processorTime_ms())) end();
}, TICK_MS);

function end(): void {
  ending = true;
  const session = new Session();
  session.connectToMainThread();
  const urls = new Map<string, string>();
  session.on('Debugger.scriptParsed', ({ params: { scriptId, url } }) => urls.set(scriptId, url));
  session.once('Debugger.paused', ({ params: { callFrames } }) => {
    say(placeOf(callFrames, urls));
    const { callFrameId } = callFrames[0];
    session.post('Debugger.evaluateOnCallFrame', { callFrameId, expression: EXIT });
    session.post('Runtime.terminateExecution');
    session.post('Debugger.resume', () => session.disconnect());
  });
  session.post('Debugger.enable', () => session.post('Debugger.pause'));
  setTimeout(() => {
    say('');
    process.kill(process.pid, 'SIGKILL');
  }, PAUSE_MS);
}

let said = false;

function say(place: string): void {
  if (!said) writeSync(2, `${lineStart}contend: ${silenceOf(name, patience_ms, place)}\n`);
  said = true;
}

/** Where code that is not the harness's own is. */
function placeOf(frames: readonly Debugger.CallFrame[], urls: ReadonlyMap<string, string>): string {
  for (const { location } of frames) {
    const url = urls.get(location.scriptId) ?? '';
    if (!url.startsWith('file:') || url.startsWith(HARNESS) || url.includes('/node_modules/')) continue;
    return ` at ${fileURLToPath(url)}:${location.lineNumber + 1}`;
  }
  return '';
}
