/** Loads declarations by reference, in the main thread and in workers alike. */
import type { Algorithm } from '../../algorithms/algorithm.ts';
import { algorithms } from '../../algorithms/index.ts';
import { workloads } from '../../workloads/index.ts';
import type { Workload } from '../../workloads/workload.ts';
import type { Loaded } from './job.ts';

type Registry<D> = Readonly<Record<string, () => Promise<{ default: D }>>>;

/** @param reference a name in the registry, or the URL of a module whose default export is an algorithm */
export function loadAlgorithm(reference: string): Promise<Loaded<Algorithm>> {
  return load(algorithms as unknown as Registry<Algorithm>, reference);
}

/** @param reference a name in the registry, or the URL of a module whose default export is a workload */
export function loadWorkload(reference: string): Promise<Loaded<Workload>> {
  return load(workloads as unknown as Registry<Workload>, reference);
}

async function load<D>(registry: Registry<D>, reference: string): Promise<Loaded<D>> {
  const module = await (Object.hasOwn(registry, reference) ? registry[reference]() : import(reference));
  return { reference, declaration: module.default };
}
