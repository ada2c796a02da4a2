/** The claims of a paper and what became of them: as a table, as Markdown, as JSON. */
import {
  type Claim,
  type Claims,
  type ClaimVerdict,
  type Finding,
  MARKS,
  paperValues,
  rangeOf,
  type Untestable,
} from '../claims/claim.ts';
import type { Look, Style } from './paint.ts';
import { table } from './table.ts';
import { wrapped } from './words.ts';

const STYLES: Readonly<Record<ClaimVerdict, Style>> = {
  holds: 'green',
  weak: 'yellow',
  fails: 'red',
  'not testable': 'dim',
};

const FIXED = 11;
const GAPS = 2;

/** A line a claim, a column a setting; under the table what the settings and marks mean, and the remarks. */
export function claimsTable(claims: Claims, findings: readonly Finding[], look: Look): string {
  const { settings } = claims;
  const width = Math.floor((look.width - FIXED - GAPS * (3 + settings.length)) / (3 + settings.length));
  const statement = look.width - FIXED - GAPS * (3 + settings.length) - width * (2 + settings.length) - 1;
  const columns = [
    { title: 'claim', gap: 1, width: FIXED },
    { title: 'what the paper says', width: statement },
    { title: 'paper', width },
    { title: 'holds if', width },
    ...settings.map(({ name }) => ({ title: wrapped(name, width, ''), width })),
  ];
  const rows = claims.claims.map((claim) => [
    claim.id,
    claim.statement,
    paperOf(claims, claim),
    'untestable' in claim ? '–' : claim.threshold,
    ...settings.map(({ name }) => {
      const { verdict, values } = findingOf(findings, claim.id, name);
      const painted = look.paint(STYLES[verdict], verdict);
      return values.length === 0 ? painted : `${painted}\n${rangeOf(values)}${counted(values)}`;
    }),
  ]);
  const spaced = rows.flatMap((row, at) => (at === 0 ? [row] : [row.map(() => ''), row]));
  const notes = [...settingLines(claims), ...markLines(claims), ...remarkLines(claims, findings)];
  return [
    table(columns, spaced, (title) => look.paint('bold', title)),
    '',
    ...notes.map((line) => ` ${wrapped(line, look.width - 1, '   ')}`),
  ].join('\n');
}

/** The same for a reader of files: no wrapping, no colour. */
export function claimsMarkdown(claims: Claims, findings: readonly Finding[]): string {
  const { settings } = claims;
  const head = [
    'claim',
    'statement',
    'source',
    'measured',
    'paper',
    'holds if',
    ...settings.map(({ name }) => name),
  ];
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
  const rows = claims.claims.map((claim) =>
    line([
      claim.id,
      claim.statement,
      `${claim.source} (${claim.mark})`,
      'untestable' in claim ? '–' : claim.quantity,
      paperOf(claims, claim),
      'untestable' in claim ? '–' : claim.threshold,
      ...settings.map(({ name }) => {
        const { verdict, values } = findingOf(findings, claim.id, name);
        return values.length === 0 ? verdict : `**${verdict}**: ${rangeOf(values)}${counted(values)}`;
      }),
    ]),
  );
  const notes = [...settingLines(claims), ...markLines(claims), ...remarkLines(claims, findings)];
  return [
    line(head),
    line(head.map(() => '---')),
    ...rows,
    '',
    ...notes.flatMap((note) => [`- ${note}`]),
    '',
  ].join('\n');
}

/** All of it as data: for each claim the statement, thresholds and findings with the trials they rest on. */
export function claimsJson(claims: Claims, findings: readonly Finding[]): unknown {
  return {
    paper: claims.paper,
    settings: claims.settings.map(({ name, summary }) => ({ name, summary })),
    claims: claims.claims.map((claim) => ({
      ...Object.fromEntries(Object.entries(claim).filter(([, part]) => typeof part !== 'function')),
      findings: findings
        .filter((finding) => finding.claim === claim.id)
        .map(({ claim: _, ...finding }) => finding),
    })),
  };
}

/** How many claims came to which verdict under the setting that decides: `8 hold, 2 weak, 1 fails`. */
export function tally({ claims, settings }: Claims, findings: readonly Finding[]): string {
  const verdicts = claims.map(({ id }) => findingOf(findings, id, settings[0].name).verdict);
  const count = (verdict: ClaimVerdict): number => verdicts.filter((one) => one === verdict).length;
  return (Object.keys(STYLES) as ClaimVerdict[])
    .filter((verdict) => count(verdict) > 0)
    .map((verdict) => `${count(verdict)} ${verdict}`)
    .join(', ');
}

function findingOf(findings: readonly Finding[], claim: string, setting: string): Finding {
  const found = findings.find((finding) => finding.claim === claim && finding.setting === setting);
  if (found === undefined) throw new Error(`no finding of ${claim} under ${setting}`);
  return found;
}

function paperOf(claims: Claims, claim: Claim | Untestable): string {
  const values = 'untestable' in claim ? [] : paperValues(claims, claim);
  return values.length === 0 ? '–' : values.map(({ text, mark }) => `${text} [${mark}]`).join('; ');
}

function counted(values: readonly unknown[]): string {
  return values.length > 2 ? ` (${values.length})` : '';
}

function settingLines({ settings }: Claims): string[] {
  return settings.map(({ name, summary }) => `${name}: ${summary}`);
}

/** The meaning of each mark that occurs. */
function markLines(claims: Claims): string[] {
  const marks = claims.claims.flatMap((claim) =>
    'untestable' in claim ? [] : paperValues(claims, claim).map(({ mark }) => mark),
  );
  return [...new Set(marks)].map((mark) => `[${mark}]: ${MARKS[mark]}`);
}

/** What is to be said of a claim, and why it could not be looked at. */
function remarkLines({ claims, settings }: Claims, findings: readonly Finding[]): string[] {
  return claims.flatMap((claim) => {
    const { missing, verdict } = findingOf(findings, claim.id, settings[0].name);
    const why = verdict === 'not testable' && missing !== undefined ? [`${claim.id}: ${missing}`] : [];
    return 'remark' in claim && claim.remark !== undefined ? [...why, `${claim.id}: ${claim.remark}`] : why;
  });
}
