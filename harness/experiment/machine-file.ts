/** Machine models in files: JSON, or YAML, which holds JSON too. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { type MachineModel, ModelFile } from '../machine/simulated/model.ts';
import type { Request } from './configuration.ts';
import { inPlainWords } from './plain-words.ts';
import { reference, typed } from './reference.ts';
import { UserError, unknown } from './user-error.ts';

/** What a request says of a machine that was given by name or by path. Paths are taken from the folder `from`. */
export function machineRequest(given: string, from?: string): Pick<Request, 'machine' | 'base'> {
  const machine = reference('machine', given, from);
  return machine.startsWith('file:') ? { machine, base: readModel(machine) } : { machine };
}

/** @param url of the file. Throws a UserError that names the file, the place and what is allowed there. */
export function readModel(url: string): MachineModel {
  const file = typed(url);
  const data = parsed(readFileSync(fileURLToPath(url), 'utf8'), file);
  if (typeof data !== 'object' || data === null || Array.isArray(data)) {
    throw new UserError(`${file} is no machine model: it holds no figures by name`);
  }
  const known = Object.keys(ModelFile.shape);
  for (const name of Object.keys(data)) {
    if (!known.includes(name)) throw unknown(`figure in ${file}`, name, known);
  }
  const missing = known.filter(
    (name) => !(name in data) && !ModelFile.shape[name as 'name'].safeParse(undefined).success,
  );
  if (missing.length > 0) throw new UserError(`${file} is no machine model: it lacks ${missing.join(', ')}`);
  const model = ModelFile.safeParse(data, { error: inPlainWords });
  if (!model.success) {
    const [{ path, message }] = model.error.issues;
    throw new UserError(`${file}: ${path.length === 0 ? '' : `${path.join('.')}: `}${message}`);
  }
  return model.data as MachineModel;
}

function parsed(text: string, file: string): unknown {
  try {
    return parse(text, { logLevel: 'error' });
  } catch (error) {
    const [reason] = (error as Error).message.split('\n');
    throw new UserError(`${file} is neither JSON nor YAML: ${reason.replace(/:$/, '')}`);
  }
}
