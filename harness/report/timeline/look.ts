/** What a timeline's slices look like, by what they are and by what became of their attempt. */
import { NONE, type Slice, type Trace } from '../../machine/trace.ts';
import { TIME_COLOURS } from '../charts/palette.ts';

/** From the same scheme as the others: Paul Tol's muted one. */
const [INDIGO, TEAL] = ['#332288', '#44AA99'];
/** In the dark, what is light because nothing is done has to be dark. */
const DARK_IDLE = '#33363D';

/** In the order in which the legend lists them. */
export const LOOKS = {
  useful: { words: 'executes', colour: TIME_COLOURS.useful },
  'useful-commit': { words: 'commits', colour: TIME_COLOURS.useful, opacity: 0.55 },
  'useful-validate': { words: 'validates', colour: TIME_COLOURS.useful, opacity: 0.8 },
  wasted: { words: 'executes, to be aborted', colour: TIME_COLOURS.wasted },
  'wasted-commit': { words: 'tries to commit, in vain', colour: TIME_COLOURS.wasted, opacity: 0.55 },
  'wasted-validate': { words: 'validates, in vain', colour: TIME_COLOURS.wasted, opacity: 0.8 },
  blocked: { words: 'blocked', colour: TIME_COLOURS.blocked },
  validate: { words: 'validates, outside of attempts', colour: INDIGO },
  'back-off': { words: 'backs off', colour: TEAL },
  engine: { words: "the engine's own", colour: TIME_COLOURS.engine },
  idle: { words: 'idle', colour: TIME_COLOURS.idle, dark: DARK_IDLE },
} as const satisfies Readonly<
  Record<string, { words: string; colour: string; opacity?: number; dark?: string }>
>;

export type Look = keyof typeof LOOKS;

export function lookOf({ activity, attempt }: Slice, { attempts }: Trace): Look {
  if (activity === 'blocked' || activity === 'idle') return activity;
  if (attempt === NONE) return activity === 'execute' || activity === 'commit' ? 'engine' : activity;
  const fate = attempts[attempt].outcome === 'aborted' ? 'wasted' : 'useful';
  if (activity === 'commit' || activity === 'validate') return `${fate}-${activity}`;
  return fate;
}
