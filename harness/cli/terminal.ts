/** Where a command's words go: the one place that writes to the console. */
import { colourPaint, type Look, plainPaint } from '../report/paint.ts';

export interface Terminal extends Look {
  /** Results. */
  out(text: string): void;
  /** All else: progress, complaints. */
  err(text: string): void;
  /** Whether a line of the other stream can be rewritten. */
  readonly rewritable: boolean;
}

const [NARROWEST, PIPED, WIDEST] = [120, 130, 140];

export function processTerminal(): Terminal {
  const { stdout, stderr } = process;
  const coloured = stdout.isTTY === true && !process.env.NO_COLOR;
  return {
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    width: stdout.isTTY ? Math.min(WIDEST, Math.max(NARROWEST, stdout.columns ?? PIPED)) : PIPED,
    paint: coloured ? colourPaint : plainPaint,
    rewritable: stderr.isTTY === true,
  };
}
