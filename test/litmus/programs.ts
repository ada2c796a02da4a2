/**
 * Litmus programs: a few cores, a few accesses each, and exactly the outcomes that sequential consistency
 * allows. The names are the literature's (Alglave, Maranget, Tautschnig: Herding Cats. TOPLAS 36(2), 2014).
 *
 * An outcome is what each core saw, core by core with a `|` between, and then, after `;`, the final x and y
 * where the program asks for them. All variables start as 0.
 */
export type Variable = 'x' | 'y';
export type Access =
  | readonly ['load' | 'load value', Variable]
  | readonly ['store' | 'store value' | 'add' | 'exchange', Variable, number]
  | readonly ['compareExchange', Variable, number, number];

export interface Litmus {
  readonly name: string;
  readonly cores: readonly (readonly Access[])[];
  /** Also look at x and y when all cores have ended. */
  readonly final?: boolean;
  readonly allowed: readonly string[];
  /** Outcomes that weaker memories show; for the reader, and checked not to be allowed. */
  readonly forbidden: readonly string[];
}

/** What two readers of two variables may see in all, each in an order of its own. */
const ALL_PAIRS = pairs(['0 0', '0 1', '1 0', '1 1']);
/** What a reader may see of x = 1 and x = 2, written by two others in either order. */
const ORDERS = pairs(['0 0', '0 1', '0 2', '1 1', '1 2', '2 1', '2 2']);

export const programs: readonly Litmus[] = [
  {
    name: 'store buffering (SB)',
    cores: [
      [
        ['store', 'x', 1],
        ['load', 'y'],
      ],
      [
        ['store', 'y', 1],
        ['load', 'x'],
      ],
    ],
    allowed: ['0 | 1', '1 | 0', '1 | 1'],
    forbidden: ['0 | 0'],
  },
  {
    name: 'message passing (MP)',
    cores: [
      [
        ['store', 'x', 1],
        ['store', 'y', 1],
      ],
      [
        ['load', 'y'],
        ['load', 'x'],
      ],
    ],
    allowed: [' | 0 0', ' | 0 1', ' | 1 1'],
    forbidden: [' | 1 0'],
  },
  {
    name: 'message passing of a value, published by a word',
    cores: [
      [
        ['store value', 'x', 1],
        ['store', 'y', 1],
      ],
      [
        ['load', 'y'],
        ['load value', 'x'],
      ],
    ],
    allowed: [' | 0 0', ' | 0 1', ' | 1 1'],
    forbidden: [' | 1 0'],
  },
  {
    name: 'load buffering (LB)',
    cores: [
      [
        ['load', 'x'],
        ['store', 'y', 1],
      ],
      [
        ['load', 'y'],
        ['store', 'x', 1],
      ],
    ],
    allowed: ['0 | 0', '0 | 1', '1 | 0'],
    forbidden: ['1 | 1'],
  },
  {
    name: 'both write both (2+2W)',
    cores: [
      [
        ['store', 'x', 1],
        ['store', 'y', 2],
      ],
      [
        ['store', 'y', 1],
        ['store', 'x', 2],
      ],
    ],
    final: true,
    allowed: [' | ; 1 2', ' | ; 2 1', ' | ; 2 2'],
    forbidden: [' | ; 1 1'],
  },
  {
    name: 'write-to-read causality (WRC)',
    cores: [
      [['store', 'x', 1]],
      [
        ['load', 'x'],
        ['store', 'y', 1],
      ],
      [
        ['load', 'y'],
        ['load', 'x'],
      ],
    ],
    allowed: [
      ...[' | 0 | 0 0', ' | 0 | 0 1', ' | 0 | 1 0', ' | 0 | 1 1'],
      ...[' | 1 | 0 0', ' | 1 | 0 1', ' | 1 | 1 1'],
    ],
    forbidden: [' | 1 | 1 0'],
  },
  {
    name: 'independent reads of independent writes (IRIW)',
    cores: [
      [['store', 'x', 1]],
      [['store', 'y', 1]],
      [
        ['load', 'x'],
        ['load', 'y'],
      ],
      [
        ['load', 'y'],
        ['load', 'x'],
      ],
    ],
    allowed: ALL_PAIRS.filter((pair) => pair !== '1 0 | 1 0').map((pair) => ` |  | ${pair}`),
    forbidden: [' |  | 1 0 | 1 0'],
  },
  {
    name: 'coherence of reads of one location (CoRR)',
    cores: [
      [['store', 'x', 1]],
      [
        ['load', 'x'],
        ['load', 'x'],
      ],
    ],
    allowed: [' | 0 0', ' | 0 1', ' | 1 1'],
    forbidden: [' | 1 0'],
  },
  {
    name: 'two readers agree on the order of writes to one location',
    cores: [
      [['store', 'x', 1]],
      [['store', 'x', 2]],
      [
        ['load', 'x'],
        ['load', 'x'],
      ],
      [
        ['load', 'x'],
        ['load', 'x'],
      ],
    ],
    allowed: ORDERS.filter((pair) => pair !== '1 2 | 2 1' && pair !== '2 1 | 1 2').map(
      (pair) => ` |  | ${pair}`,
    ),
    forbidden: [' |  | 1 2 | 2 1', ' |  | 2 1 | 1 2'],
  },
  {
    name: 'a core reads its own write, or a later one (CoWR)',
    cores: [
      [
        ['store', 'x', 1],
        ['load', 'x'],
      ],
      [['store', 'x', 2]],
    ],
    final: true,
    allowed: ['1 | ; 1 0', '1 | ; 2 0', '2 | ; 2 0'],
    forbidden: ['0 | ; 1 0', '0 | ; 2 0', '2 | ; 1 0'],
  },
  {
    name: 'atomic adds lose nothing',
    cores: [
      [
        ['add', 'x', 1],
        ['add', 'x', 1],
      ],
      [['add', 'x', 1]],
    ],
    final: true,
    allowed: ['0 1 | 2; 3 0', '0 2 | 1; 3 0', '1 2 | 0; 3 0'],
    forbidden: ['0 1 | 0; 2 0', '0 1 | 1; 2 0', '0 0 | 0; 1 0'],
  },
  {
    name: 'exchanges hand each value on once',
    cores: [[['exchange', 'x', 1]], [['exchange', 'x', 2]], [['exchange', 'x', 3]]],
    final: true,
    allowed: [
      ...['0 | 1 | 2; 3 0', '0 | 3 | 1; 2 0', '2 | 0 | 1; 3 0'],
      ...['3 | 0 | 2; 1 0', '2 | 3 | 0; 1 0', '3 | 1 | 0; 2 0'],
    ],
    forbidden: ['0 | 0 | 1; 3 0', '0 | 1 | 1; 3 0'],
  },
  {
    name: 'one compare-and-swap of two wins',
    cores: [[['compareExchange', 'x', 0, 1]], [['compareExchange', 'x', 0, 2]]],
    final: true,
    allowed: ['0 | 1; 1 0', '2 | 0; 2 0'],
    forbidden: ['0 | 0; 1 0', '0 | 0; 2 0'],
  },
  {
    name: 'store buffering with exchanges in the place of stores',
    cores: [
      [
        ['exchange', 'x', 1],
        ['load', 'y'],
      ],
      [
        ['exchange', 'y', 1],
        ['load', 'x'],
      ],
    ],
    allowed: ['0 0 | 0 1', '0 1 | 0 0', '0 1 | 0 1'],
    forbidden: ['0 0 | 0 0'],
  },
];

function pairs(outcomes: readonly string[]): string[] {
  return outcomes.flatMap((first) => outcomes.map((second) => `${first} | ${second}`));
}
