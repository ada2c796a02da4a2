/** The registry: every algorithm's name and where it is. One line each, sorted. */
export const algorithms = {
  '2pl': () => import('./2pl/2pl.ts'),
  'block-stm': () => import('./block-stm/block-stm.ts'),
  bocc: () => import('./bocc.ts'),
  bohm: () => import('./bohm/bohm.ts'),
  litm: () => import('./litm.ts'),
  norec: () => import('./norec.ts'),
  sequential: () => import('./sequential.ts'),
  silo: () => import('./silo.ts'),
  'snapshot-isolation': () => import('./snapshot-isolation.ts'),
  'static-dag': () => import('./static-dag/static-dag.ts'),
  tictoc: () => import('./tictoc.ts'),
  tl2: () => import('./tl2.ts'),
  uncontrolled: () => import('./uncontrolled.ts'),
};
