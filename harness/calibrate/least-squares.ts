/** Least squares for a few unknowns, none of which may be negative. */

/** The x ≥ 0 for which `rows` × x is nearest to `targets`. Tries every choice of unknowns that are not zero. */
export function leastSquares(rows: readonly (readonly number[])[], targets: readonly number[]): number[] {
  const unknowns = rows[0].length;
  let best = new Array<number>(unknowns).fill(0);
  let least = distance(rows, targets, best);
  for (let chosen = 1; chosen < 2 ** unknowns; chosen++) {
    const columns = best.map((_, column) => column).filter((column) => chosen & (1 << column));
    const values = solve(normalEquations(rows, targets, columns));
    if (!values.every((value) => value >= 0)) continue;
    const candidate = new Array<number>(unknowns).fill(0);
    for (const [at, column] of columns.entries()) candidate[column] = values[at];
    const far = distance(rows, targets, candidate);
    if (far < least) [best, least] = [candidate, far];
  }
  return best;
}

function distance(
  rows: readonly (readonly number[])[],
  targets: readonly number[],
  x: readonly number[],
): number {
  return rows.reduce((total, row, at) => total + (dot(row, x) - targets[at]) ** 2, 0);
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((total, value, at) => total + value * b[at], 0);
}

/** One equation an unknown: its coefficients, then what they make. */
function normalEquations(
  rows: readonly (readonly number[])[],
  targets: readonly number[],
  columns: readonly number[],
): number[][] {
  const column = (at: number): number[] => rows.map((row) => row[at]);
  return columns.map((one) => [
    ...columns.map((other) => dot(column(one), column(other))),
    dot(column(one), targets),
  ]);
}

/** By elimination; not a number where the unknowns cannot be told apart. */
function solve(equations: number[][]): number[] {
  const n = equations.length;
  for (let pivot = 0; pivot < n; pivot++) {
    for (let row = 0; row < n; row++) {
      if (row === pivot) continue;
      const factor = equations[row][pivot] / equations[pivot][pivot];
      equations[row] = equations[row].map((value, at) => value - factor * equations[pivot][at]);
    }
  }
  return equations.map((row, at) => row[n] / row[at]);
}
