// What is not saved yet lies in this browser's own database: it outlives a closed tab, a killed browser, a lost line.
const NAME = "gongbei-editor";
const STORE = "texts";

let opened = null;

function open() {
  opened ??= new Promise((done, failed) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE);
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
  return opened;
}

async function run(mode, act) {
  const database = await open();
  return new Promise((done, failed) => {
    const transaction = database.transaction(STORE, mode);
    const asked = act(transaction.objectStore(STORE));
    transaction.oncomplete = () => done(asked.result);
    transaction.onerror = transaction.onabort = () => failed(transaction.error);
  });
}

const range = (prefix) => IDBKeyRange.bound(`${prefix}:`, `${prefix}:\uffff`);

/** `key` is text:person:tab; a record is {base, baseTitle, lock, title, document, at}. */
export const keep = (key, record) => run("readwrite", (store) => store.put(record, key));
export const forget = (key) => run("readwrite", (store) => store.delete(key));

/** Every kept record of a text and a person: [[key, record], …], oldest first. */
export async function kept(prefix) {
  const [keys, records] = await Promise.all([run("readonly", (store) => store.getAllKeys(range(prefix))), run("readonly", (store) => store.getAll(range(prefix)))]);
  return keys.map((key, at) => [key, records[at]]).sort(([, one], [, other]) => one.at - other.at);
}
