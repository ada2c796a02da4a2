/** `contend schema`: what editors need to complete an experiment file and to mark its mistakes. */
import { jsonSchema } from '../../experiment/file/json-schema.ts';
import { type Args, type Command, OK } from '../command.ts';
import type { Terminal } from '../terminal.ts';

export const schema: Command = {
  usage: 'schema',
  summary: 'Prints the JSON Schema of experiment files, by which editors complete them and mark mistakes.',
  options: {},
  examples: [['schema > experiment.schema.json', 'for files that begin with the line below']],
  notes:
    'Editors with a YAML language server take it from a first line in the experiment file:\n' +
    '# yaml-language-server: $schema=experiment.schema.json',

  async run(_args: Args, terminal: Terminal): Promise<number> {
    terminal.out(`${JSON.stringify(await jsonSchema(), null, 2)}\n`);
    return OK;
  },
};
