/** Sliders and selections as one form, whose value is an object. Native elements, so that a keyboard reaches all. */

/** A slider over some values in ascending order. */
export interface Stops {
  readonly kind: 'stops';
  readonly label: string;
  readonly stops: readonly number[];
  readonly value: number;
}

/** One of several. */
export interface Selection {
  readonly kind: 'selection';
  readonly label: string;
  /** What is shown, by value. */
  readonly options: Readonly<Record<string, string>>;
  readonly value: string;
}

type Controls = Readonly<Record<string, Stops | Selection>>;

export type Values<C extends Controls> = {
  readonly [name in keyof C]: C[name] extends Selection ? keyof C[name]['options'] & string : number;
};

/** Dispatches `input` events; its `value` is what is set. */
export type Form<C extends Controls> = HTMLFormElement & { readonly value: Values<C> };

export function controls<C extends Controls>(wanted: C): Form<C> {
  const form = document.createElement('form');
  form.className = 'controls';
  form.addEventListener('submit', (event) => event.preventDefault());
  const read = new Map<string, () => number | string>();
  for (const [name, control] of Object.entries(wanted)) {
    const label = form.appendChild(document.createElement('label'));
    label.append(Object.assign(document.createElement('span'), { textContent: control.label }));
    read.set(name, control.kind === 'stops' ? slider(label, name, control) : selection(label, name, control));
  }
  return Object.defineProperty(form, 'value', {
    get: () => Object.fromEntries([...read].map(([name, value]) => [name, value()])),
  }) as Form<C>;
}

/** A range input counts places; what it stands for is said beside it, and to those who hear the page. */
function slider(label: HTMLElement, name: string, { stops, value }: Stops): () => number {
  const input = document.createElement('input');
  Object.assign(input, { type: 'range', name, min: '0', max: `${stops.length - 1}`, step: '1' });
  input.value = `${Math.max(0, stops.indexOf(value))}`;
  const shown = document.createElement('output');
  const chosen = (): number => stops[input.valueAsNumber];
  const show = (): void => {
    shown.textContent = chosen().toLocaleString('en');
    input.setAttribute('aria-valuetext', shown.textContent);
  };
  input.addEventListener('input', show);
  show();
  label.append(shown, input);
  return chosen;
}

function selection(label: HTMLElement, name: string, { options, value }: Selection): () => string {
  const select = Object.assign(document.createElement('select'), { name });
  for (const [key, text] of Object.entries(options)) select.add(new Option(text, key, false, key === value));
  label.append(select);
  return () => select.value;
}
