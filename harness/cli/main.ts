/** The command line: finds the command, runs it, and turns what goes wrong into a sentence and an exit status. */
import yargs, { type Argv } from 'yargs';
import { unknown } from '../experiment/configuration.ts';
import { contendVersion } from '../experiment/environment.ts';
import { UserError } from '../experiment/user-error.ts';
import { type Args, type Command, FAILED, nameOf, OK, USAGE } from './command.ts';
import { commands } from './commands/index.ts';
import { processTerminal, type Terminal } from './terminal.ts';

/**
 * Runs the process's own command line.
 *
 * An interrupt keeps its default effect unless a command listens for it: the process ends at once, and the shell
 * sees 130. Every row that was written is whole.
 */
export async function start(): Promise<void> {
  // Whoever reads us may stop reading; `| head` is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
  const status = await main(process.argv.slice(2), processTerminal());
  process.exitCode = status;
  // A plug-in may have left a timer behind, so the end is not waited for, but what was written is.
  process.stdout.write('', () => process.exit(status));
}

/** Runs a command line; returns the exit status. */
export async function main(words: readonly string[], terminal: Terminal): Promise<number> {
  try {
    const chosen = await parse(words, terminal);
    return chosen === undefined ? OK : await chosen.command.run(chosen.args, terminal);
  } catch (error) {
    if (error instanceof UserError) {
      terminal.err(`contend: ${error.message}\n`);
      return USAGE;
    }
    terminal.err(`contend: ${failure(error)}\n`);
    return FAILED;
  }
}

export interface Chosen {
  readonly command: Command;
  readonly args: Args;
}

/** The command that the first word names, or all: help lists them. */
async function loaded([name = '']: readonly string[]): Promise<Command[]> {
  const wanted = Object.hasOwn(commands, name) ? [commands[name]] : Object.values(commands);
  return Promise.all(wanted.map((load) => load()));
}

/** The command that was typed, or nothing where help was asked for, which is printed. */
export async function parse(words: readonly string[], terminal: Terminal): Promise<Chosen | undefined> {
  const known = await loaded(words);
  let chosen: Chosen | undefined;
  let entered: Command | undefined;
  let printed = '';
  let parser = yargs()
    .scriptName('contend')
    .usage(
      '$0 COMMAND\n\nRuns concurrency-control algorithms on the same blocks, and proves each run serializable.',
    )
    .locale('en')
    .parserConfiguration({ 'dot-notation': false, 'camel-case-expansion': false, 'parse-numbers': false })
    .wrap(Math.min(terminal.width, 120))
    .version(contendVersion())
    .alias({ help: 'h', version: 'v' })
    .epilogue('Exit status: 0 all well; 1 a verdict failed; 2 wrong usage.')
    .strict()
    .exitProcess(false)
    .fail((message, error) => {
      // What yargs itself throws is a complaint too, of an option without its value.
      throw error && error.name !== 'YError' ? error : complaint(message ?? error?.message, words, entered);
    });
  for (const command of known) {
    parser = parser.command(
      command.usage,
      command.summary,
      (inner) => {
        entered = command;
        return describe(inner, command);
      },
      // Run later, outside of yargs, whose handlers lose what is thrown in them.
      (args) => {
        chosen = { command, args: args as Args };
      },
    ) as typeof parser;
  }
  await parser.parseAsync([...words], {}, (_error, _args, output) => {
    printed = output;
  });
  if (printed !== '') {
    terminal.out(`${untyped(printed)}\n`);
    return undefined;
  }
  if (chosen !== undefined) return chosen;
  terminal.err(`${untyped(await parser.getHelp())}\n\n`);
  throw new UserError(`which command? known: ${Object.keys(commands).join(', ')}`);
}

/** Every option is a text to yargs, since what it should be is checked elsewhere; help need not say so. */
function untyped(help: string): string {
  return help.replaceAll('[string]', '        ').replace(/ +$/gm, '');
}

function describe(
  parser: Argv,
  { usage, summary, positionals = {}, options, examples, notes }: Command,
): Argv {
  let described = parser.usage(`$0 ${usage}\n\n${summary}`).options(options);
  for (const [name, settings] of Object.entries(positionals))
    described = described.positional(name, settings);
  return described.epilogue(`${examplesOf(examples)}${notes === undefined ? '' : `\n\n${notes}`}`);
}

/** Each command on a line of its own, to be copied: yargs would break it to fit beside its meaning. */
function examplesOf(examples: Command['examples']): string {
  return `Examples:\n${examples.map(([command, meaning]) => `  contend ${command}\n      ${meaning}`).join('\n')}`;
}

/** Yargs tells what it did not know, but not what is known. */
function complaint(message: string, words: readonly string[], command: Command | undefined): UserError {
  const [, list] = /^Unknown (?:argument|command)s?: (.*)$/.exec(message) ?? [];
  if (list === undefined) return new UserError(message.split('\n')[0]);
  const [name] = list.split(', ');
  const flag = words.find(
    (word) => /^--?[^-]/.test(word) && word.replace(/^--?(no-)?/, '').split('=')[0] === name,
  );
  if (flag !== undefined) {
    const known = [...Object.keys(command?.options ?? {}), 'help', 'version'];
    return unknown(
      'option',
      flag.split('=')[0],
      known.map((option) => `--${option}`),
    );
  }
  if (command === undefined) return unknown('command', name, Object.keys(commands));
  return new UserError(
    `unexpected argument: ${name} (contend ${nameOf(command)} --help shows what it takes)`,
  );
}

/** A fault of ours or of a plug-in's: what is said of it must help to find it. */
function failure(error: unknown): string {
  if (!(error instanceof Error)) return `something was thrown that is no Error: ${String(error)}`;
  const stack = error.stack ?? '';
  return stack.includes(error.message) ? stack : `${error.name}: ${error.message}\n${stack}`;
}
