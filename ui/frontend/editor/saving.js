// Saving by itself, three seconds after a change, by compare and set; what could not be saved lies in this browser, and is
// merged with what others saved meanwhile. The bar says what is true, and nothing else.
import { get, post, renew } from "./asking.js";
import { forget, keep, kept } from "./shelf.js";

const WAIT_MS = 3000;
const KEEP_MS = 300;
const RETRY_MS = 8000;
const quietly = (promise) => promise.catch(() => {});

export class Saver {
  /** `start`: what the page began with; `show(state, words)` is the bar. `desk` is told when texts meet. */
  constructor(store, start, show) {
    [this.store, this.start, this.show] = [store, start, show];
    this.key = `${start.uid}:${start.person}:${Math.random().toString(36).slice(2, 10)}`;
    this.taken = [];
    this.edited = new Set();
    this.lock = start.lock_version;
    this.savedAt = start.saved_at;
    this.base = { title: start.title, document: start.document };
    this.saved = store.data;
    this.waits = "";
  }

  get isDirty() {
    return this.store.data !== this.saved;
  }

  /** Before the page is built: the newest text that an earlier page could not save. Answers when it was typed. */
  async recover() {
    const found = await kept(`${this.start.uid}:${this.start.person}`);
    const [key, record] = found[found.length - 1] ?? [];
    if (!record) return null;
    this.taken.push(key);
    if (JSON.stringify([record.title, record.document]) === JSON.stringify([this.store.title, this.store.document])) {
      this.release();
      return null;
    }
    if (record.lock !== this.lock) {
      this.base = { title: record.baseTitle, document: record.base };
      this.mustMerge = true;
    }
    this.store.replace(record.title, record.document);
    return record.at;
  }

  begin(desk) {
    this.desk = desk;
    this.store.listen((path, origin) => path && origin !== "server" && this.changed(path));
    window.addEventListener("online", () => this.save());
    window.addEventListener("focus", () => this.waits && this.save());
    window.addEventListener("pagehide", () => this.leave());
    window.addEventListener("beforeunload", (event) => this.isDirty && this.isKept === false && event.preventDefault());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") this.leave();
      else if (this.waits) this.save();
    });
    this.say();
    if (this.isDirty || this.mustMerge) {
      this.keepHere();
      this.save();
    }
  }

  changed(path) {
    this.edited.add(path.slice(0, 3).join("."));
    this.keeper ??= setTimeout(() => this.keepHere(), KEEP_MS);
    this.timer ??= setTimeout(() => this.save(), WAIT_MS);
    this.say();
  }

  async keepHere() {
    clearTimeout(this.keeper);
    this.keeper = null;
    if (!this.isDirty) return;
    const { title, document } = this.store;
    try {
      await keep(this.key, { base: this.base.document, baseTitle: this.base.title, lock: this.lock, title, document, at: Date.now() });
      this.isKept = true;
    } catch {
      this.isKept = false;
    }
    if (!this.isDirty) this.release();
  }

  /** Nothing here is newer than what is stored. */
  release() {
    for (const key of [this.key, ...this.taken]) quietly(forget(key));
    this.taken = [];
  }

  say() {
    if (this.waits) return this.show(this.waits, this.words);
    if (this.busy) return this.show("busy", "正在保存…");
    if (this.isDirty) return this.show("dirty", `有改动，3 秒内保存；上次 ${this.savedAt}`);
    return this.show("saved", `已保存 ${this.savedAt}`);
  }

  /** Save now, if anything is to be saved; one at a time. */
  async save() {
    clearTimeout(this.timer);
    this.timer = null;
    if (this.busy || this.asking) return;
    if (!this.isDirty && !this.mustMerge) {
      this.waits = "";
      return this.say();
    }
    this.busy = true;
    if (!this.waits) this.say();
    try {
      await (this.mustMerge ? this.merge() : this.send());
    } finally {
      this.busy = false;
      this.say();
      if (this.isDirty && !this.waits && !this.asking) this.timer ??= setTimeout(() => this.save(), WAIT_MS);
    }
  }

  async send(options = {}) {
    const { data, title, document } = this.store;
    const answer = await post(this.start.urls.save, { title, document, lock_version: this.lock }, options);
    if (answer.status === 200) return this.accept(answer, data, title, document);
    if (answer.status !== 409) return this.refused(answer);
    this.mustMerge = true;
    return this.merge();
  }

  /** `data` is stored now. */
  accept(told, data, title, document) {
    this.saved = data;
    this.lock = told.lock_version;
    this.savedAt = told.saved_at;
    this.base = { title, document };
    this.waits = "";
    this.edited.clear();
    this.desk.told(told);
    if (this.isDirty) this.keepHere();
    else this.release();
  }

  /** Somebody saved in between: the server joins both. Where both changed one place, the person chooses. */
  async merge() {
    const { data, title, document } = this.store;
    const answer = await post(this.start.urls.merge, { base: this.base.document, base_title: this.base.title, title, document });
    if (answer.status === 409) return this.merge();
    if (answer.status !== 200) return this.refused(answer);
    if (this.store.data !== data) {
      if (answer.saved) this.base = { title, document };
      return this.merge();
    }
    this.mustMerge = false;
    this.store.replace(answer.title, answer.document);
    if (answer.conflicts.length) {
      this.choose(answer);
      return null;
    }
    this.accept(answer.saved, this.store.data, answer.title, answer.document);
    if (answer.taken.length) this.desk.took(answer.by, answer.taken);
    return null;
  }

  /** Until the person has chosen, the base stays: a closed browser comes back to the same question. */
  async choose(answer) {
    this.asking = true;
    this.waits = "conflict";
    this.words = `你和${answer.by}改了同一处，看一下再保存`;
    this.saved = null;
    this.keepHere();
    this.say();
    await this.desk.decide(answer);
    this.asking = false;
    this.waits = "";
    this.lock = answer.stored.lock_version;
    this.base = { title: answer.stored.title, document: answer.stored.document };
    return this.save();
  }

  async refused(answer) {
    if (answer.code === "token") return this.again();
    const state = { 0: "offline", 401: "signed-out", 403: "refused", 400: "unusable", 413: "unusable", 422: "unusable" }[answer.status] ?? "down";
    this.waits = state;
    this.words = state === "offline" ? `没有网络，${this.edited.size || 1} 处改动存在这台电脑上，连上后自动保存` : answer.sentence;
    if (state === "unusable") this.desk.wrong(answer.path ?? []);
    if (state === "offline" || state === "down") this.timer ??= setTimeout(() => this.save(), RETRY_MS);
    return this.keepHere();
  }

  /** The page's token is old: a fresh one, if the same person is still signed in. */
  async again() {
    const told = await get(this.start.urls.state);
    if (told.status !== 200) return this.refused(told);
    if (told.person !== this.start.person) {
      return this.refused({ status: 403, code: "refused", sentence: "现在登录的是另一位老师，没有保存。你写的都在这台电脑上，用原来的账号登录就接着存" });
    }
    const isSecond = this.renewed && Date.now() - this.renewed < RETRY_MS;
    this.renewed = Date.now();
    if (isSecond) return this.refused({ status: 500, sentence: "没有保存成功，过一会儿自动再试" });
    renew(told.csrf);
    return this.mustMerge ? this.merge() : this.send();
  }

  /** The page may be gone in a moment. */
  async leave() {
    if (!this.isDirty) return;
    this.keepHere();
    if (this.busy || this.asking || this.mustMerge) return;
    this.busy = true;
    try {
      await this.send({ last: true });
    } finally {
      this.busy = false;
      this.say();
    }
  }
}
