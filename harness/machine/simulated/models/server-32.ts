import type { MachineModel } from '../model.ts';

/** The 32 cores of one AMD Zen 2 socket in groups of four, as in the evaluation of Block-STM. */
export const server32: MachineModel = {
  name: 'server-32',
  summary: '32 cores, one socket, like the server of the Block-STM paper',
  cores: 32,
  domains: [
    { cores: 4, transfer_ns: 24 },
    { cores: 32, transfer_ns: 94 },
  ],
  hit_ns: 1.5,
  atomic_ns: 6,
  memory_ns: 100,
  shared_ns: 0,
  shared_bytes: 0,
  pause_ns: 15,
  work_ns: 1,
  access_ns: 0,
  operation_ns: 0,
  attempt_ns: 0,
  block_ns: 0,
  crowding: 0,
  sources: {
    domains:
      'core-to-core latencies published by nviennot/core-to-core-latency: Zen 2 within a group of four cores 24 ns, across groups 94 ns (Threadripper 3960X)',
    hit_ns: 'vendor figure for the first-level cache: 4 to 5 cycles at about 3 GHz',
    atomic_ns: 'CCBench data, fetch-and-add by one thread alone: 163 million a second, 6.1 ns',
    memory_ns: 'local memory of a current server: 97 ns (Bang et al., measurements of 1000 cores)',
    shared_ns: 'none: as shared_bytes',
    shared_bytes: 'none: blocks start with cold caches',
    pause_ns: 'guess: a PAUSE of about 40 cycles',
    work_ns: 'definition of the unit',
    access_ns: 'none: engines are compared by what they share',
    operation_ns: 'none: as access_ns',
    attempt_ns: 'none: as access_ns',
    block_ns: 'none unless given: the fit to figure 5 of the Block-STM paper is 13 ms (Diem, 32 threads)',
    crowding: 'none unless given: the fit to figure 5 of the Block-STM paper is 0.4',
  },
};
