/**
 * What a unit of `work` is on real cores: a step of a linear congruential generator, a multiplication and an
 * addition that wait for the step before. 1.09 ns measured on an AMD EPYC (family 25, model 17).
 *
 * It is a WebAssembly function, since its speed must not depend on who calls it: as a JavaScript loop it was
 * inlined into whatever called it and ran as fast as that was compiled, from 1.1 to 5 ns a unit within one
 * comparison of algorithms. WebAssembly is compiled once, by itself, and is never inlined into unoptimized code.
 *
 *     (func (export "work") (param $units i32) (param $x i32) (result i32)
 *       (block (br_if 0 (i32.le_s (local.get $units) (i32.const 0)))
 *         (loop (local.set $x (i32.add (i32.mul (local.get $x) (i32.const 1664525)) (i32.const 1013904223)))
 *               (br_if 0 (local.tee $units (i32.sub (local.get $units) (i32.const 1))))))
 *       (local.get $x))
 */
// biome-ignore format: a section of the module a line
const MODULE = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, // magic, version
  1, 7, 1, 96, 2, 127, 127, 1, 127, // type: (i32, i32) -> i32
  3, 2, 1, 0, // one function of it
  7, 8, 1, 4, 119, 111, 114, 107, 0, 0, // exported as "work"
  10, 45, 1, 43, 0, // code
  2, 64, 32, 0, 65, 0, 76, 13, 0,
  3, 64, 32, 1, 65, 141, 204, 229, 0, 108, 65, 223, 230, 187, 227, 3, 106, 33, 1,
  32, 0, 65, 1, 107, 34, 0, 13, 0, 11, 11,
  32, 1, 11,
]);

/** The little of WebAssembly that is used here; its types would come with the whole DOM's. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object) => { exports: { work(units: number, x: number): number } };
};

const compute = new WebAssembly.Instance(new WebAssembly.Module(MODULE)).exports.work;
let x = 0;

/** Computes for so many units. Each call goes on from the one before, so none can be left out. */
export function work(units: number): void {
  x = compute(units, x);
}
