/** The machine models that ship, by name. */
import type { MachineModel } from '../model.ts';
import { chip1024 } from './chip-1024.ts';
import host from './host.json' with { type: 'json' };
import { server32 } from './server-32.ts';
import { twoSocket } from './two-socket.ts';

export const models: Readonly<Record<string, MachineModel>> = {
  'chip-1024': chip1024,
  host,
  'server-32': server32,
  'two-socket': twoSocket,
};
