/** The digest of what a transaction read: it tells, without keeping the values, whether two runs read alike. */

const float = new Float64Array(1);
const halves = new Int32Array(float.buffer);

export const DIGEST_SEED = 0x2545f491;

/** Mixes one more value into a digest; order matters. All NaNs are alike. */
export function mix(digest: number, value: number): number {
  float[0] = Number.isNaN(value) ? Number.NaN : value;
  const low = Math.imul(digest ^ halves[1], 0x9e3779b1);
  return Math.imul(((low << 15) | (low >>> 17)) ^ halves[0], 0x85ebca6b);
}
