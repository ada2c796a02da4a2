/** A terminal that keeps what it is told. */
import type { Terminal } from '../../harness/cli/terminal.ts';
import { plainPaint } from '../../harness/report/paint.ts';

export interface FakeTerminal extends Terminal {
  readonly said: { out: string; err: string };
}

export function fakeTerminal(parts: Partial<Terminal> = {}): FakeTerminal {
  const said = { out: '', err: '' };
  return {
    said,
    out: (text) => {
      said.out += text;
    },
    err: (text) => {
      said.err += text;
    },
    width: 130,
    paint: plainPaint,
    rewritable: false,
    ...parts,
  };
}
