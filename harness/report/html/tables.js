/**
 * The report's tables, in the page: sorted by the buttons in their heads, filtered by words and by conditions such as
 * `cores>=16`, a page of rows at a time so that thousands of rows stay quick. Plain DOM; nothing is loaded.
 */
const PAGE = 50;

for (const section of document.querySelectorAll('section[data-table]')) {
  start(section, JSON.parse(section.querySelector('script').textContent));
}

function start(section, { columns, rows, commands }) {
  const part = (name) => section.querySelector(`[data-part="${name}"]`);
  const state = { order: rows.map((_, at) => at), sorted: undefined, all: false, filter: '', page: 0 };
  const show = () => draw(part, columns, rows, commands, state);

  part('filter').addEventListener('input', (event) => {
    state.filter = event.target.value;
    state.page = 0;
    show();
  });
  part('all').addEventListener('change', (event) => {
    state.all = event.target.checked;
    drawHead(part('head'), columns, state, sortBy);
    show();
  });
  part('back').addEventListener('click', () => turn(-1));
  part('on').addEventListener('click', () => turn(1));

  function turn(pages) {
    state.page += pages;
    show();
  }

  /** Up, down, and back to the order of the file. */
  function sortBy(at) {
    const { sorted } = state;
    if (sorted?.at !== at) state.sorted = { at, down: false };
    else state.sorted = sorted.down ? undefined : { at, down: true };
    state.order = order(columns, rows, state.sorted);
    state.page = 0;
    markHead(part('head'), state);
    show();
  }

  drawHead(part('head'), columns, state, sortBy);
  show();
}

function shown(columns, { all }) {
  return columns.map((column, at) => ({ ...column, at })).filter((column) => all || column.shown);
}

function order(columns, rows, sorted) {
  const places = rows.map((_, at) => at);
  if (sorted === undefined) return places;
  const { at, down } = sorted;
  const compare = columns[at].numeric
    ? (a, b) => Number(a) - Number(b)
    : (a, b) => a.localeCompare(b, 'en', { numeric: true });
  return places.sort((one, other) => {
    const [a, b] = [rows[one][at], rows[other][at]];
    // What is not there comes last either way.
    if (a === '' || b === '') return Number(a === '') - Number(b === '');
    return down ? compare(b, a) : compare(a, b);
  });
}

function drawHead(head, columns, state, sortBy) {
  const row = document.createElement('tr');
  const again = document.createElement('td');
  row.append(again);
  for (const { at, name, numeric } of shown(columns, state)) {
    const cell = document.createElement('th');
    cell.scope = 'col';
    cell.dataset.at = at;
    if (numeric) cell.className = 'number';
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = name;
    button.addEventListener('click', () => sortBy(at));
    cell.append(button);
    row.append(cell);
  }
  head.replaceChildren(row);
  markHead(head, state);
}

/** The buttons stay, so that the one that was pressed keeps the focus. */
function markHead(head, { sorted }) {
  for (const cell of head.querySelectorAll('th[data-at]')) {
    const mine = sorted !== undefined && Number(cell.dataset.at) === sorted.at;
    if (mine) cell.setAttribute('aria-sort', sorted.down ? 'descending' : 'ascending');
    else cell.removeAttribute('aria-sort');
  }
}

function draw(part, columns, rows, commands, state) {
  const matches = matcher(columns, state.filter);
  const found = state.order.filter((at) => matches(rows[at]));
  const pages = Math.max(1, Math.ceil(found.length / PAGE));
  state.page = Math.min(Math.max(0, state.page), pages - 1);
  const from = state.page * PAGE;
  const drawn = shown(columns, state);
  const lines = found.slice(from, from + PAGE).map((at) => line(drawn, rows[at], commands[at]));
  part('body').replaceChildren(...lines);
  const which = pages === 1 ? '' : `, ${from + 1} to ${from + lines.length} shown`;
  part('count').textContent = `${found.length} of ${rows.length} rows${which}`;
  part('pages').hidden = pages === 1;
  part('back').disabled = state.page === 0;
  part('on').disabled = state.page === pages - 1;
}

/** A row, and after it, once it is asked for, the command that runs it again. */
function line(columns, row, command) {
  const tr = document.createElement('tr');
  const first = document.createElement('td');
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'again';
  button.textContent = 'again';
  button.setAttribute('aria-expanded', 'false');
  button.addEventListener('click', () => {
    const open = button.getAttribute('aria-expanded') === 'true';
    button.setAttribute('aria-expanded', String(!open));
    if (open) tr.nextSibling.remove();
    else tr.after(commandLine(command, columns.length + 1));
  });
  first.append(button);
  tr.append(first);
  for (const { at, numeric } of columns) {
    const cell = document.createElement('td');
    if (numeric) cell.className = 'number';
    cell.textContent = numeric ? grouped(row[at]) : row[at];
    tr.append(cell);
  }
  return tr;
}

function commandLine(command, width) {
  const tr = document.createElement('tr');
  tr.className = 'command';
  const cell = document.createElement('td');
  cell.colSpan = width;
  const code = document.createElement('code');
  code.textContent = command;
  cell.append(code);
  tr.append(cell);
  return tr;
}

/** 1234567.5 as 1,234,567.5; anything else as it is. */
function grouped(cell) {
  const [, sign, whole, rest] = /^(-?)(\d{4,})(\.\d+)?$/.exec(cell) ?? [];
  if (whole === undefined) return cell;
  return `${sign}${whole.replaceAll(/\B(?=(\d{3})+$)/g, ',')}${rest ?? ''}`;
}

/** Every word must occur in some cell, in small or capital letters; a condition must hold of its column. */
function matcher(columns, filter) {
  const tests = filter
    .trim()
    .split(/\s+/)
    .filter((word) => word !== '')
    .map((word) => condition(columns, word) ?? occurs(word));
  return (row) => tests.every((test) => test(row));
}

function occurs(word) {
  const wanted = word.toLowerCase();
  return (row) => row.some((cell) => cell.toLowerCase().includes(wanted));
}

const COMPARE = {
  '=': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '>': (a, b) => a > b,
  '<=': (a, b) => a <= b,
  '>=': (a, b) => a >= b,
};

/** `column=value`, with what stands behind a column's dot for short; or nothing if there is no such column. */
function condition(columns, word) {
  const [, name, operator, value] = /^([\w.-]+)(<=|>=|!=|=|<|>)(.+)$/.exec(word) ?? [];
  const at = columns.findIndex((column) => column.name === name || column.name.endsWith(`.${name}`));
  if (at < 0) return undefined;
  const compare = COMPARE[operator];
  return (row) => {
    const cell = row[at];
    const numbers = cell !== '' && !Number.isNaN(Number(cell)) && !Number.isNaN(Number(value));
    return numbers ? compare(Number(cell), Number(value)) : compare(cell, value);
  };
}
