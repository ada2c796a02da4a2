/** Charts as files: pictures in the formats that are asked for, with the specification beside them. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../experiment/user-error.ts';
import type { Chart } from './chart.ts';
import { chartPage } from './page.ts';
import { renderPng, renderSvg } from './render.ts';

/** What a chart can be written as; `vega` is the Vega-Lite specification alone. */
export const FORMATS = ['svg', 'png', 'html', 'vega'] as const;
export type Format = (typeof FORMATS)[number];

export interface Writing {
  readonly formats: readonly Format[];
  /** Of the page that holds all charts. */
  readonly title: string;
}

/**
 * Writes each chart as `<name>.svg`, `<name>.png` and `<name>.vl.json`, and all of them as one `charts.html`. Returns the
 * names of the files. Throws a UserError where the folder cannot be written.
 */
export async function writeCharts(
  charts: readonly Chart[],
  directory: string,
  { formats, title }: Writing,
): Promise<string[]> {
  const files: string[] = [];
  const write = (name: string, content: string | Buffer): void => {
    writeFileSync(join(directory, name), content);
    files.push(name);
  };
  try {
    mkdirSync(directory, { recursive: true });
    for (const { name, spec } of charts) {
      write(`${name}.vl.json`, `${JSON.stringify(spec, null, 1)}\n`);
      if (!formats.includes('svg') && !formats.includes('png')) continue;
      const svg = await renderSvg(spec);
      if (formats.includes('svg')) write(`${name}.svg`, svg);
      if (formats.includes('png')) write(`${name}.png`, renderPng(svg));
    }
    if (formats.includes('html')) write('charts.html', chartPage(title, charts));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    throw new UserError(`cannot write charts to ${directory}: ${(error as Error).message}`);
  }
  return files;
}
