/** What a results folder gets beside its rows once they are complete: the charts that they suggest, and a report. */
import { join } from 'node:path';
import { UserError } from '../experiment/user-error.ts';
import { counted } from '../report/units.ts';
import type { Terminal } from './terminal.ts';

/** The description of the option `report`. */
export const REPORT_FLAG = 'write charts/ and report.html at the end; --no-report leaves them out';

/** The rows are there, whatever becomes of their pictures. */
export async function present(folder: string, terminal: Terminal): Promise<void> {
  // What draws charts takes a while to load.
  const { drawFolder } = await import('../report/charts/folder.ts');
  const { writeReport } = await import('../report/html/report.ts');
  try {
    const charts = await drawFolder(folder, ['svg', 'png']);
    if (charts.length > 0) terminal.out(`${counted(charts.length, 'chart')} in ${join(folder, 'charts')}\n`);
    terminal.out(`report in ${await writeReport(folder, { charts })}\n`);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    terminal.err(`contend: no report: ${error.message}\n`);
  }
}
