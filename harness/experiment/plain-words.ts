/** What is wrong with a value, in words of the user's rather than of a schema's. A schema's own words come first. */
import type { z } from 'zod';

const KINDS: Readonly<Record<string, string>> = {
  int: 'a whole number',
  number: 'a number',
  string: 'a text',
  boolean: 'true or false',
  array: 'a list',
  record: 'names with values',
  object: 'names with values',
};

/** For `safeParse(value, { error: inPlainWords })`. */
export function inPlainWords(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type': {
      const kind = KINDS[issue.expected] ?? issue.expected;
      return issue.input === undefined ? `is missing: ${kind}` : `must be ${kind}, not ${shown(issue.input)}`;
    }
    case 'too_small':
      return sized(issue, issue.inclusive === false ? 'more than' : 'at least', issue.minimum);
    case 'too_big':
      return sized(issue, issue.inclusive === false ? 'less than' : 'at most', issue.maximum);
    case 'invalid_value':
      return `must be ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map(String).join(', ')}, not ${shown(issue.input)}`;
    case 'invalid_union':
      return `cannot be ${shown(issue.input)}`;
    default:
      return undefined;
  }
}

type Sized = { readonly origin: string; readonly input: unknown };

function sized({ origin, input }: Sized, relation: string, limit: number | bigint): string {
  if (origin === 'array') return `must have ${relation} ${limit} ${limit === 1 ? 'entry' : 'entries'}`;
  if (origin === 'string')
    return `must have ${relation} ${limit} ${limit === 1 ? 'character' : 'characters'}`;
  return `must be ${relation} ${limit}, not ${shown(input)}`;
}

function shown(value: unknown): string {
  return typeof value === 'number' ? String(value) : JSON.stringify(value);
}
