/** Whether a declaration is complete and does not contradict itself. */
import type { Algorithm } from '../../../algorithms/algorithm.ts';
import { inPlainWords } from '../../experiment/plain-words.ts';
import { resolve, unknownPromises } from '../../machine/declared.ts';
import type { Loaded } from '../../machine/job.ts';
import { variantsOf } from '../cases.ts';

export const DECLARATION = {
  name: 'declaration',
  law: 'the declaration is complete, and what it promises fits together',
};

/** What is wrong, a sentence each. */
export function faultsOf(loaded: Loaded<Algorithm>): string[] {
  const { declaration } = loaded;
  if (typeof declaration !== 'object' || declaration === null) {
    return ['there is no default export: it should be defineAlgorithm({ … })'];
  }
  const faults = [...textFaults(declaration), ...nameFaults(declaration), ...optionFaults(declaration)];
  if (typeof declaration.create !== 'function') faults.push('create is no function');
  if (!['boolean', 'undefined'].includes(typeof declaration.opaque)) {
    faults.push('opaque is neither true nor false');
  }
  // Variants are made from the options, so those have to be in order first.
  return faults.length > 0
    ? faults
    : variantsOf(loaded).flatMap(({ options }) => promiseFaults(declaration, options));
}

function textFaults(declaration: Algorithm): string[] {
  const texts = (['name', 'summary', 'source'] as const).filter(
    (field) => typeof declaration[field] !== 'string' || declaration[field].trim() === '',
  );
  const faults = texts.map((field) => `${field} is no text`);
  if (texts.length === 0 && !/^[a-z0-9][a-z0-9-]*$/.test(declaration.name)) {
    faults.push(`the name "${declaration.name}" is not of small letters, digits and hyphens`);
  }
  return faults;
}

function nameFaults({ aborts, counters = [] }: Algorithm): string[] {
  return Object.entries({ aborts, counters }).flatMap(([field, names]) => {
    if (!Array.isArray(names) || names.some((name) => typeof name !== 'string')) {
      return [`${field} is no list of names`];
    }
    return new Set(names).size < names.length ? [`${field} has a name twice: ${names.join(', ')}`] : [];
  });
}

function optionFaults({ options }: Algorithm): string[] {
  if (typeof options?.safeParse !== 'function' || options.shape === undefined) {
    return ['options is no z.strictObject({ … })'];
  }
  const faults = Object.entries(options.shape)
    .filter(([, schema]) => !/\w{4}/.test((schema as { description?: string }).description ?? ''))
    .map(([name]) => `option ${name} lacks its describe("…")`);
  const defaults = options.safeParse({}, { error: inPlainWords });
  if (!defaults.success) {
    const [{ path, message }] = defaults.error.issues;
    faults.push(`option ${path.join('.')} lacks a default that it accepts: ${message}`);
  }
  if (options.safeParse({ 'no option of anybody': 1 }).success)
    faults.push('options takes names it does not know');
  return faults;
}

function promiseFaults(declaration: Algorithm, options: Readonly<Record<string, unknown>>): string[] {
  const { guarantee, witness } = resolve(declaration, options);
  const faults = unknownPromises(declaration, options);
  if (witness === 'preset' && guarantee !== 'block-order') {
    faults.push(`the witness preset says that the order is the block's, but the guarantee is ${guarantee}`);
  }
  return faults.map((fault) => `with options ${JSON.stringify(options)}, ${fault}`);
}
