/**
 * What stands for zod in a worker. A run's options and parameters arrive parsed, so there nobody asks the schemas
 * that declarations build, and to load the library is half of a worker's start: 100 of 200 ms.
 *
 * Whatever builds a schema answers with the same again; what would ask one throws.
 */
const ASKS = /parse|encode|decode|validate/i;

// biome-ignore lint/suspicious/noExplicitAny: it is used as all that zod exports
export const z: any = new Proxy(() => {}, {
  get(_, name) {
    if (!ASKS.test(String(name))) return z;
    throw new Error(
      `z.${String(name)}: in a worker options arrive parsed, and contend's z only builds schemas; ` +
        "import 'zod' itself to parse anything else there",
    );
  },
  apply: () => z,
});
