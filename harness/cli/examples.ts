/** Names for examples in help: whatever is registered, so that no example names what is not there. */
import { algorithms } from '../../algorithms/index.ts';
import { workloads } from '../../workloads/index.ts';

export const [anAlgorithm, anotherAlgorithm]: readonly string[] = Object.keys(algorithms);
export const [aWorkload]: readonly string[] = Object.keys(workloads);
