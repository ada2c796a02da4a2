import type { MachineModel } from '../model.ts';

/** One chip of 1024 simple cores on a mesh, like the one that "Staring into the Abyss" simulated. */
export const chip1024: MachineModel = {
  name: 'chip-1024',
  summary: '1024 simple cores on one chip, like the one of "Staring into the Abyss"',
  cores: 1024,
  domains: [{ cores: 1024, transfer_ns: 100 }],
  hit_ns: 1,
  atomic_ns: 6,
  memory_ns: 100,
  pause_ns: 10,
  work_ns: 1,
  access_ns: 0,
  operation_ns: 0,
  attempt_ns: 0,
  block_ns: 0,
  crowding: 0,
  sources: {
    domains: 'guess after the paper: an average round trip on the chip of about 100 cycles at 1 GHz',
    hit_ns: 'guess: one cycle at 1 GHz',
    atomic_ns: 'guess: as a server core',
    memory_ns: 'guess: as a round trip',
    pause_ns: 'guess',
    work_ns: 'definition of the unit',
    access_ns: 'none: engines are compared by what they share',
    operation_ns: 'none: as access_ns',
    attempt_ns: 'none: as access_ns',
    block_ns: 'none unless given',
    crowding: 'none unless given',
  },
};
