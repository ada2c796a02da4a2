import type { MachineModel } from '../model.ts';

/** Two sockets with 32 cores each on a mesh. */
export const twoSocket: MachineModel = {
  name: 'two-socket',
  summary: '64 cores, two sockets of 32',
  cores: 64,
  domains: [
    { cores: 32, transfer_ns: 47 },
    { cores: 64, transfer_ns: 150 },
  ],
  hit_ns: 1.5,
  atomic_ns: 6,
  memory_ns: 97,
  shared_ns: 0,
  shared_bytes: 0,
  pause_ns: 45,
  work_ns: 1,
  access_ns: 0,
  operation_ns: 0,
  attempt_ns: 0,
  block_ns: 0,
  crowding: 0,
  sources: {
    domains:
      'within a socket: 44 to 51 ns on Intel server meshes (nviennot/core-to-core-latency); across two sockets: guess, 100 to 150 ns are commonly given',
    hit_ns: 'vendor figure for the first-level cache: 4 to 5 cycles at about 3 GHz',
    atomic_ns: 'CCBench data, fetch-and-add by one thread alone: 163 million a second, 6.1 ns',
    memory_ns: 'local memory of a current server: 97 ns (Bang et al., measurements of 1000 cores)',
    shared_ns: 'none: as shared_bytes',
    shared_bytes: 'none: blocks start with cold caches',
    pause_ns: 'guess: a PAUSE of about 140 cycles',
    work_ns: 'definition of the unit',
    access_ns: 'none: engines are compared by what they share',
    operation_ns: 'none: as access_ns',
    attempt_ns: 'none: as access_ns',
    block_ns: 'none unless given',
    crowding: 'none unless given',
  },
};
