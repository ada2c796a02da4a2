/** Faults of TL2: a check left out, a step too early, and the limits of each clock. */
import type { Mutant } from './mutant.ts';

const tl2 = { of: 'tl2', file: 'algorithms/tl2.ts' };
const SERIALIZATION = ['G-single', 'G1c', 'G2', 'read', 'outcome'];

export const mutants: Mutant[] = [
  {
    ...tl2,
    what: 'reads are not post-validated',
    find: '      if ((yield* lock.load(key)) !== before) continue;\n',
    replace: '',
    expect: SERIALIZATION,
  },
  {
    ...tl2,
    what: 'a read takes any version, also one newer than rv',
    find: 'if (version > this.#rv) {',
    replace: 'if (version < 0) {',
    expect: SERIALIZATION,
  },
  {
    ...tl2,
    what: 'writers take the shortcut of transactions that only read: they validate nothing',
    find: 'if (!(this.#moved && wv === this.#rv + 1) && !(yield* this.#validate())) {',
    replace: 'if (wv < 0) {',
    expect: SERIALIZATION,
  },
  {
    ...tl2,
    what: 'validation overlooks locks',
    find: 'if ((word & LOCK) !== 0 && this.#W.find(keys[i]) < 0) return false;',
    replace: '',
    expect: SERIALIZATION,
  },
  {
    ...tl2,
    what: 'values are written back before validation',
    find: '    // Serialization point: all of W is locked',
    replace: `    for (let i = 0; i < this.#W.size; i++) {
      yield* this.#rows.value.store(this.#W.keys[i], this.#W.values[i]);
    }
    // Serialization point: all of W is locked`,
    expect: [...SERIALIZATION, 'state'],
  },
  {
    ...tl2,
    what: 'a key is unlocked before its value is written',
    find: `      yield* value.store(keys[i], values[i]);
      // Unlocks; after the value, so that whoever sees the new version sees the new value (I1).
      yield* lock.store(keys[i], wv << 1);
      yield* lock.wake(keys[i]);`,
    replace: `      yield* lock.store(keys[i], wv << 1);
      yield* lock.wake(keys[i]);
      yield* value.store(keys[i], values[i]);`,
    expect: [...SERIALIZATION, 'state'],
  },
  {
    ...tl2,
    what: 'the version is drawn before the locks are taken',
    find: `    yield* this.#lock();
    this.#moved = false;
    const wv = this.#W.size > 0 ? yield* this.#drawVersion() : 0;`,
    replace: `    this.#moved = false;
    const wv = this.#W.size > 0 ? yield* this.#drawVersion() : 0;
    yield* this.#lock();`,
    expect: SERIALIZATION,
  },
  {
    ...tl2,
    what: 'gv4: a writer that adopts its version validates nothing if it is rv + 1',
    find: `this.#moved = before === seen;
      return this.#moved ? seen + 1 : before;`,
    replace: `this.#moved = true;
      return before === seen ? seen + 1 : before;`,
    expect: SERIALIZATION,
    options: { clock: 'gv4' },
  },
  {
    ...tl2,
    what: 'gv5: a writer validates nothing if its version is rv + 1',
    find: '    let latest = seen;',
    replace: '    this.#moved = true;\n    let latest = seen;',
    expect: SERIALIZATION,
    options: { clock: 'gv5' },
  },
  {
    ...tl2,
    what: 'gv5: a blind write may get the version that it replaces',
    find: 'latest = Math.max(latest, this.#replaced[i])',
    replace: 'latest = Math.max(latest, 0)',
    expect: ['is written twice'],
    options: { clock: 'gv5' },
  },
  {
    ...tl2,
    what: 'gv6: a writer that moves the clock validates nothing if its version is rv + 1',
    find: 'yield* this.#clock.compareExchange(0, seen, wv);',
    replace: 'this.#moved = (yield* this.#clock.compareExchange(0, seen, wv)) === seen;',
    expect: SERIALIZATION,
    options: { clock: 'gv6' },
  },
  {
    ...tl2,
    what: 'gv5: an abort does not move the clock',
    find: 'if (!this.#lazy || !(yield* this.#moveClock())) this.#backoff.wait(this.#core);',
    replace: 'this.#backoff.wait(this.#core);',
    expect: ['no end after'],
    options: { clock: 'gv5' },
  },
  {
    ...tl2,
    what: 'order=preset: a transaction that only reads does not wait for its turn',
    find: '    if (this.#turn !== undefined) {\n      yield* this.#turn.wait(t);',
    replace: '    if (this.#turn !== undefined && this.#W.size > 0) {\n      yield* this.#turn.wait(t);',
    expect: ['block-order', ...SERIALIZATION, 'deadlock'],
    options: { order: 'preset' },
  },
  {
    ...tl2,
    what: 'nobody is woken when a key is unlocked',
    find: `      yield* lock.store(keys[i], wv << 1);
      yield* lock.wake(keys[i]);`,
    replace: '      yield* lock.store(keys[i], wv << 1);',
    expect: ['deadlock'],
  },
];
