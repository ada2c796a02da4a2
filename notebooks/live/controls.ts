/** Sliders and selections as one form, whose value is an object. Native elements, so that a keyboard reaches all. */
import type { Choice, Entry } from './protocol.ts';

/** One control: its element, and what is set there. */
interface Control<T> {
  readonly element: HTMLElement;
  readonly value: () => T;
}

type Controls = Readonly<Record<string, Control<unknown>>>;

export type Values<C extends Controls> = { readonly [name in keyof C]: ReturnType<C[name]['value']> };

/** Dispatches `input` events; its `value` is what is set. */
export type Form<C extends Controls> = HTMLFormElement & { readonly value: Values<C> };

export function form<C extends Controls>(controls: C): Form<C> {
  const element = document.createElement('form');
  element.className = 'controls';
  element.addEventListener('submit', (event) => event.preventDefault());
  element.append(...Object.values(controls).map((control) => control.element));
  const value = () => Object.fromEntries(Object.entries(controls).map(([name, one]) => [name, one.value()]));
  return Object.defineProperty(element, 'value', { get: value }) as Form<C>;
}

/** A slider over some values in ascending order. */
export function stops(
  name: string,
  label: string,
  values: readonly number[],
  start: number,
): Control<number> {
  // A range input counts places; what it stands for is said beside it, and to those who hear the page.
  const input = document.createElement('input');
  Object.assign(input, { type: 'range', name, min: '0', max: `${values.length - 1}`, step: '1' });
  input.value = `${Math.max(0, values.indexOf(start))}`;
  const shown = document.createElement('output');
  const value = (): number => values[input.valueAsNumber];
  const show = (): void => {
    shown.textContent = value().toLocaleString('en');
    input.setAttribute('aria-valuetext', shown.textContent);
  };
  input.addEventListener('input', show);
  show();
  return { element: labelled(label, shown, input), value };
}

/** One of several; `options` says how each value reads. */
export function selection<T extends string>(
  name: string,
  label: string,
  options: Readonly<Record<T, string>>,
): Control<T> {
  const select = Object.assign(document.createElement('select'), { name });
  for (const [value, text] of Object.entries<string>(options)) select.add(new Option(text, value));
  return { element: labelled(label, select), value: () => select.value as T };
}

const GROUPS: Readonly<Record<Entry['guarantee'], string>> = {
  'block-order': 'in the block’s order',
  serializable: 'in any serial order',
  'snapshot-isolation': 'controls, which verification refuses',
  none: 'controls, which verification refuses',
};

export const NOTHING = '';

/** An algorithm and its options; nothing where that may be and is chosen. */
export function algorithm(
  name: string,
  label: string,
  offered: { readonly catalogue: readonly Entry[]; readonly start: string; readonly orNothing?: boolean },
): Control<Choice | undefined> {
  const { catalogue, start, orNothing = false } = offered;
  const select = Object.assign(document.createElement('select'), { name });
  if (orNothing) select.add(new Option('nothing', NOTHING));
  for (const [group, entries] of Map.groupBy(catalogue, ({ guarantee }) => GROUPS[guarantee])) {
    const shown = Object.assign(document.createElement('optgroup'), { label: group });
    shown.append(...entries.map((entry) => new Option(entry.name, entry.name, false, entry.name === start)));
    select.add(shown);
  }
  const element = document.createElement('div');
  const details = Object.assign(document.createElement('div'), { className: 'options' });
  let options: readonly Control<[string, string | boolean][]>[] = [];
  const choose = (): void => {
    const entry = catalogue.find((one) => one.name === select.value);
    options = (entry?.options ?? []).map((option) => optionControl(`${name}.${option.name}`, option));
    details.replaceChildren(...options.map((option) => option.element));
  };
  // Before the form hears of the change, so that the options are already those of the new algorithm.
  select.addEventListener('input', choose);
  choose();
  element.append(labelled(label, select), details);
  return {
    element,
    value() {
      if (select.value === NOTHING) return undefined;
      const set = options.flatMap((option) => option.value());
      return { algorithm: select.value, options: Object.fromEntries(set) };
    },
  };
}

/** Its value is empty where the option is left at its default. */
function optionControl(
  name: string,
  option: Entry['options'][number],
): Control<[string, string | boolean][]> {
  const select = Object.assign(document.createElement('select'), { name, title: option.description });
  for (const value of option.values) {
    select.add(new Option(`${value}`, `${value}`, false, value === option.value));
  }
  return {
    element: labelled(option.name, select),
    value() {
      const value = option.values[select.selectedIndex];
      return value === option.value ? [] : [[option.name, value]];
    },
  };
}

function labelled(text: string, ...elements: readonly HTMLElement[]): HTMLLabelElement {
  const label = document.createElement('label');
  label.append(Object.assign(document.createElement('span'), { textContent: text }), ...elements);
  return label;
}
