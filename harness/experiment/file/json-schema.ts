/** The JSON Schema of experiment files, by which editors complete names and settings and mark mistakes. */
import { z } from 'zod';
import { algorithms } from '../../../algorithms/index.ts';
import { workloads } from '../../../workloads/index.ts';
import { loadAlgorithm, loadWorkload } from '../../machine/load.ts';
import { Figures } from '../../machine/simulated/model.ts';
import { models } from '../../machine/simulated/models/index.ts';
import { THREADS } from '../configuration.ts';
import { ExperimentFile } from './schema.ts';

/** What files of algorithms and workloads look like. */
const MODULE = '[/\\\\]|\\.[cm]?[jt]s$';
/** And those of machine models. */
const MODEL = '[/\\\\]|\\.(json|ya?ml)$';

type Json = Readonly<Record<string, unknown>>;
/** What one name takes, and what it is. */
type Named = readonly [name: string, settings: z.ZodObject | undefined, summary: string];

/** Made from the declarations of all that is registered. */
export async function jsonSchema(): Promise<Json> {
  const loadedAlgorithms = await Promise.all(Object.keys(algorithms).map(loadAlgorithm));
  const loadedWorkloads = await Promise.all(Object.keys(workloads).map(loadWorkload));
  const entries = {
    algorithms: entrySchema(
      loadedAlgorithms.map(({ declaration: d }): Named => [d.name, d.options, d.summary]),
      MODULE,
    ),
    workloads: entrySchema(
      loadedWorkloads.map(({ declaration: d }): Named => [d.name, d.parameters, d.summary]),
      MODULE,
    ),
    machines: entrySchema(
      [
        [THREADS, undefined, 'the cores of this host, measured time'],
        ...Object.values(models).map(({ name, summary }): Named => [name, Figures, summary]),
      ],
      MODEL,
      settingsSchema(Figures, 'a model of your own, by its file'),
    ),
  };
  const { properties = {}, ...schema } = plain(ExperimentFile) as { properties?: Record<string, Json> };
  const withEntries = (own: Readonly<Record<string, Json>>): Record<string, Json> =>
    Object.fromEntries(
      Object.entries(own).map(([name, value]) => [
        name,
        name in entries ? { ...value, items: entries[name as keyof typeof entries] } : value,
      ]),
    );
  const { include, ...own } = properties;
  const inclusion = include.items as { properties: Record<string, Json> };
  return {
    ...schema,
    title: 'An experiment of Contend',
    properties: {
      ...withEntries(own),
      include: { ...include, items: { ...inclusion, properties: withEntries(inclusion.properties) } },
    },
  };
}

/** A name alone, a file, or a name with settings. */
function entrySchema(all: readonly Named[], files: string, fileSettings?: Json): Json {
  return {
    anyOf: [
      { enum: all.map(([name]) => name) },
      { type: 'string', pattern: files, description: 'a file' },
      {
        type: 'object',
        minProperties: 1,
        maxProperties: 1,
        properties: Object.fromEntries(
          all.flatMap(([name, settings, summary]) =>
            settings === undefined ? [] : [[name, settingsSchema(settings, summary)]],
          ),
        ),
        // What a module takes, only the module knows.
        ...(fileSettings
          ? { patternProperties: { [files]: fileSettings }, additionalProperties: false }
          : {}),
      },
    ],
  };
}

/** Each setting takes a value, or a list of values that multiplies. */
function settingsSchema(settings: z.ZodObject, description: string): Json {
  const { properties = {} } = plain(settings) as { properties?: Record<string, Json> };
  return {
    type: ['object', 'null'],
    description,
    additionalProperties: false,
    properties: Object.fromEntries(
      Object.entries(properties).map(([name, { description: meaning, ...value }]) => [
        name,
        {
          ...(meaning === undefined ? {} : { description: meaning }),
          anyOf: [value, { type: 'array', items: value }],
        },
      ]),
    ),
  };
}

function plain(schema: z.ZodObject): Json {
  return z.toJSONSchema(schema, { io: 'input' }) as Json;
}
