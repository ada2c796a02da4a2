/**
 * What saves a block whose access sets are wrong: whoever finds an access outside them raises the alarm, the
 * cores give up what is left of the block, and when all have stopped one of them executes all of it serially,
 * from its initial state. So nothing has to be kept for undoing, and a block whose sets are right pays
 * one load of a line that nobody writes for each transaction.
 *
 * Layout      alarm    1 once an undeclared access was found; whoever finds it
 */
import {
  type Block,
  type Core,
  type Memory,
  REVERTED,
  type Steps,
  type Values,
  type View,
  type Words,
} from '../algorithm.ts';
import { AccessSet } from './access-set.ts';

/** The cause of all aborts that an undeclared access makes necessary. */
export const UNDECLARED = 'undeclared';

export class SerialFallback {
  readonly #block: Block;
  readonly #alarm: Words;

  constructor(memory: Memory, block: Block) {
    this.#block = block;
    this.#alarm = memory.words('alarm', 1, 'padded');
  }

  *raise(): Steps<void> {
    yield* this.#alarm.store(0, 1);
  }

  *raised(): Steps<boolean> {
    return (yield* this.#alarm.load(0)) !== 0;
  }

  /** Whether the block was executed serially. After the run. */
  get happened(): boolean {
    return this.#alarm.peek(0) !== 0;
  }

  /**
   * Ends the run. By every core, after a barrier behind which no core executes anything.
   * @param committed how many transactions this core has committed
   * @param data where the state is wanted if the alarm was raised
   */
  *conclude(core: Core, committed: number, data: Values): Steps<void> {
    if (!(yield* this.raised())) return;
    for (let i = 0; i < committed; i++) core.abort(UNDECLARED);
    if (core.id !== 0) return;
    const { initial, transactions } = this.#block;
    for (let key = 0; key < initial.length; key++) yield* data.store(key, initial[key]);
    const view = new SerialView(data, this.#block.maxWrites);
    for (let t = 0; t < transactions; t++) yield* view.transact(core, t);
  }
}

class SerialView implements View {
  readonly #data: Values;
  readonly #writes: AccessSet;

  constructor(data: Values, maxWrites: number) {
    this.#data = data;
    this.#writes = new AccessSet(maxWrites);
  }

  *transact(core: Core, t: number): Steps<void> {
    core.begin(t);
    this.#writes.clear();
    if ((yield* core.execute(t, this)) !== REVERTED) {
      const { keys, values, size } = this.#writes;
      for (let i = 0; i < size; i++) yield* this.#data.store(keys[i], values[i]);
    }
    core.commit(t);
  }

  *read(key: number): Steps<number> {
    const own = this.#writes.find(key);
    return own >= 0 ? this.#writes.values[own] : yield* this.#data.load(key);
  }

  *write(key: number, value: number): Steps<void> {
    this.#writes.put(key, value);
  }
}
