// The whole text as one immutable value, changed by paths, with one history over everything: title, fields, rows.
const GROUP_MS = 900;
const MOST_STEPS = 400;

export const TITLE = "@title";

export const isEmpty = (value) =>
  value === undefined || value === null || value === "" ||
  (Array.isArray(value) && !value.length) ||
  (typeof value === "object" && value.type === "doc" && !value.content?.length);

function put(value, path, next) {
  if (!path.length) return next;
  const [name, ...rest] = path;
  const copy = { ...(value ?? {}) };
  const inner = put(copy[name], rest, next);
  if (inner === undefined) delete copy[name];
  else copy[name] = inner;
  return copy;
}

const starts = (path, with_) => with_.length <= path.length && with_.every((part, at) => part === path[at]);

export class Store {
  constructor(title, document) {
    this.data = { ...document, [TITLE]: title };
    this.undone = [];
    this.done = [];
    this.watchers = new Set();
    this.listeners = new Set();
    this.open = null;
  }

  get title() {
    return this.data[TITLE];
  }

  get document() {
    const { [TITLE]: _, ...document } = this.data;
    return document;
  }

  get(path) {
    return path.reduce((value, name) => value?.[name], this.data);
  }

  /** Change one place. `merge`: typing in one field within a second is one step of the history. */
  set(path, value, { source = null, merge = false } = {}) {
    const next = isEmpty(value) && path[0] !== TITLE ? undefined : value;
    const before = this.get(path);
    if (before === next || JSON.stringify(before) === JSON.stringify(next)) return;
    this.#apply(path, next, source, "user");
    this.#remember({ path, before, after: next }, merge);
  }

  /** Several changes as one step. */
  together(change) {
    if (this.open) return change();
    this.open = [];
    try {
      return change();
    } finally {
      const steps = this.open;
      this.open = null;
      if (steps.length) this.#push({ steps, at: Date.now(), merge: "" });
    }
  }

  #remember(step, merge) {
    if (this.open) return this.open.push(step);
    const last = this.done[this.done.length - 1];
    const key = merge ? step.path.join("/") : "";
    const now = Date.now();
    if (key && last && last.merge === key && now - last.at < GROUP_MS && !this.undone.length) {
      last.steps[0].after = step.after;
      last.at = now;
      return this.#tell();
    }
    return this.#push({ steps: [step], at: now, merge: key });
  }

  #push(group) {
    this.done.push(group);
    if (this.done.length > MOST_STEPS) this.done.shift();
    this.undone = [];
    this.#tell();
  }

  undo() {
    return this.#back(this.done, this.undone, (step) => step.before, true);
  }

  redo() {
    return this.#back(this.undone, this.done, (step) => step.after, false);
  }

  #back(from, to, side, reverse) {
    const group = from.pop();
    if (!group) return null;
    const steps = reverse ? [...group.steps].reverse() : group.steps;
    for (const step of steps) this.#apply(step.path, side(step), null, "history");
    to.push({ ...group, merge: "" });
    this.#tell();
    return steps[steps.length - 1].path;
  }

  /** Take over another text, place by place, outside the history; what one did at the places it touches cannot be undone. */
  replace(title, document) {
    const next = { ...document, [TITLE]: title };
    const taken = [];
    for (const name of new Set([...Object.keys(this.data), ...Object.keys(next)])) this.#take([name], next[name], taken);
    const apart = (group) => group.steps.every((step) => !taken.some((path) => starts(path, step.path) || starts(step.path, path)));
    this.done = this.done.filter(apart);
    this.undone = this.undone.filter(apart);
    this.#tell();
  }

  #take(path, next, taken) {
    const now = this.get(path);
    if (JSON.stringify(now) === JSON.stringify(next)) return;
    const groups = [now, next].every((side) => side && typeof side === "object" && !Array.isArray(side) && side.type !== "doc");
    if (!groups) {
      taken.push(path);
      return this.#apply(path, next, null, "server");
    }
    for (const name of new Set([...Object.keys(now), ...Object.keys(next)])) this.#take([...path, name], next[name], taken);
  }

  #apply(path, value, source, origin) {
    this.data = put(this.data, path, value);
    for (const watcher of [...this.watchers]) {
      if (watcher.source !== source && (starts(path, watcher.path) || starts(watcher.path, path))) watcher.act(path, origin);
    }
    for (const listener of this.listeners) listener(path, origin);
  }

  /** `act(path, origin)` after every change at, above or below `path` that `source` did not make. */
  watch(path, act, source = null) {
    const watcher = { path, act, source: source ?? act };
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  listen(listener) {
    this.listeners.add(listener);
  }

  #tell() {
    for (const listener of this.listeners) listener(null, "steps");
  }
}
