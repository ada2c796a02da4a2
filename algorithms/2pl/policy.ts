/**
 * What a transaction does about one that is in its way: the deadlock policies, as data.
 *
 * Papers      Rosenkrantz, Stearns, Lewis: System Level Concurrency Control for Distributed Database Systems.
 *             ACM TODS 3(2), 1978, doi:10.1145/320251.320260: WAIT-DIE and WOUND-WAIT.
 *             Yu, Bezerra, Pavlo, Devadas, Stonebraker: Staring into the Abyss: An Evaluation of Concurrency
 *             Control with One Thousand Cores. PVLDB 8(3), 2014, doi:10.14778/2735508.2735511: NO_WAIT,
 *             DL_DETECT, and locks in key order.
 *
 *                        meets an older one      meets a younger one     queue
 *             no-wait    gives up                gives up                none
 *             wait-die   gives up (dies)         waits                   youngest first
 *             wound-wait waits                   wounds it, and waits    oldest first
 *             detection  waits; breaks cycles    waits; breaks cycles    first come, first served
 *             ordered    waits                   waits                   first come, first served
 *
 * Age         The older of two transactions is the earlier one in the block. It keeps its age when it is
 *             retried, so the oldest one of all is never made to give up by wait-die and wound-wait, and nobody
 *             starves.
 *
 * In the preset order a younger transaction cannot commit before an older one. Whoever is in an older one's way
 * has therefore to give way, whatever the policy: it is wounded. The policy says what happens the other way
 * round, and there no-wait and wait-die give up where the other three wait for the older one, which closes no
 * cycle.
 */
export const POLICIES = ['no-wait', 'wait-die', 'wound-wait', 'detection', 'ordered'] as const;
export type PolicyName = (typeof POLICIES)[number];
export const ORDERS = ['any', 'preset'] as const;
export type Order = (typeof ORDERS)[number];

/** Why an attempt was given up. */
export const CAUSES = ['conflict', 'die', 'wound', 'deadlock', 'timeout'] as const;
export type Cause = (typeof CAUSES)[number];

export interface Policy {
  /** A younger one in the way is wounded. */
  readonly wounds: boolean;
  readonly waitsForOlder: boolean;
  readonly waitsForYounger: boolean;
  /** Whoever is about to wait looks for a cycle in the waits-for graph. */
  readonly detects: boolean;
  /** No transaction ever waits for another. */
  readonly neverWaits: boolean;
  /** Whether somebody is waited for depends on who is older. */
  readonly byAge: boolean;
  /** The cause to give where it may not wait. */
  readonly refusal: Cause;
}

const ANY: Readonly<Record<PolicyName, Policy>> = {
  'no-wait': policy(false, false, false, 'conflict'),
  'wait-die': policy(false, false, true, 'die'),
  'wound-wait': policy(true, true, true, 'wound'),
  detection: { ...policy(false, true, true, 'deadlock'), detects: true },
  ordered: policy(false, true, true, 'conflict'),
};

function policy(wounds: boolean, waitsForOlder: boolean, waitsForYounger: boolean, refusal: Cause): Policy {
  const neverWaits = !waitsForOlder && !waitsForYounger;
  const byAge = wounds || waitsForOlder !== waitsForYounger;
  return { wounds, waitsForOlder, waitsForYounger, detects: false, neverWaits, byAge, refusal };
}

export function policyOf(name: PolicyName, order: Order): Policy {
  const any = ANY[name];
  if (order === 'any') return any;
  const waitsForOlder = any.waitsForOlder;
  return policy(true, waitsForOlder, true, waitsForOlder ? 'wound' : any.refusal);
}
