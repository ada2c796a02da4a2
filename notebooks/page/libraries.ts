/** What a notebook's cells may name without importing it. */
export const Plot = () => import('@observablehq/plot');
