/** The registry: every algorithm's name and where it is. One line each, sorted. */
export const algorithms = {
  'block-stm': () => import('./block-stm/block-stm.ts'),
  sequential: () => import('./sequential.ts'),
  silo: () => import('./silo.ts'),
  uncontrolled: () => import('./uncontrolled.ts'),
};
