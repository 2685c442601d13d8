import type { Store } from './store.js';

const VALUES = 'values';
const BYTES = 'bytes';

/**
 * Keeps everything in the browser, one database per user. Writes of one turn share a transaction. Every tab holds a lock for as long as it
 * lives, so that no tab takes a living one's messages for abandoned.
 */
export class IndexedDbStore implements Store {
  readonly #session: string;
  #database: Promise<IDBDatabase> | null = null;
  #name = '';
  #work: ((transaction: IDBTransaction) => void)[] = [];
  #written: Promise<unknown> = Promise.resolve();
  /** Files of this page: at hand at once, and also where the browser keeps nothing. */
  readonly #fresh = new Map<string, Blob>();
  #release: () => void = () => {};

  constructor(session: string) {
    this.#session = session;
  }

  async open(name: string): Promise<Map<string, unknown>> {
    this.#name = `millrace:${name}`;
    this.#database = opened(this.#name);
    void this.#locks?.request(this.#lock(this.#session), () => new Promise<void>((resolve) => { this.#release = resolve; }));
    this.#flushSoon();
    const store = (await this.#database).transaction(VALUES).objectStore(VALUES);
    const [keys, values] = await Promise.all([answer(store.getAllKeys()), answer(store.getAll())]);
    return new Map(keys.map((key, i) => [String(key), values[i] as unknown]));
  }

  put(key: string, value: unknown): void {
    this.#do((transaction) => transaction.objectStore(VALUES).put(value, key));
  }

  delete(key: string): void {
    this.#do((transaction) => transaction.objectStore(VALUES).delete(key));
  }

  putBytes(key: string, bytes: Blob): void {
    this.#fresh.set(key, bytes);
    this.#do((transaction) => transaction.objectStore(BYTES).put(bytes, key));
  }

  async bytes(key: string): Promise<Blob | undefined> {
    const database = await this.#database;
    return this.#fresh.get(key) ?? (database === null ? undefined : answer<Blob | undefined>(database.transaction(BYTES).objectStore(BYTES).get(key)));
  }

  deleteBytes(key: string): void {
    this.#fresh.delete(key);
    this.#do((transaction) => transaction.objectStore(BYTES).delete(key));
  }

  async isOver(session: string): Promise<boolean> {
    return session !== this.#session && (this.#locks === undefined
      || await this.#locks.request(this.#lock(session), { ifAvailable: true }, (lock) => lock !== null));
  }

  async close(): Promise<void> {
    this.#flush();
    await this.#written;
    (await this.#database)?.close();
    this.#release();
  }

  #do(work: (transaction: IDBTransaction) => void): void {
    if (this.#work.push(work) === 1) {
      this.#flushSoon();
    }
  }

  #flushSoon(): void {
    queueMicrotask(() => this.#flush());
  }

  #flush(): void {
    const work = this.#database === null ? [] : this.#work.splice(0);
    if (work.length > 0) {
      this.#written = this.#written.then(async () => {
        const transaction = (await this.#database)?.transaction([VALUES, BYTES], 'readwrite');
        if (transaction !== undefined) {
          work.forEach((act) => act(transaction));
          await new Promise((resolve) => { transaction.oncomplete = transaction.onerror = transaction.onabort = resolve; });
        }
      }).catch(() => {}); // a browser that keeps nothing (private window, no space) still sends
    }
  }

  get #locks(): LockManager | undefined {
    return typeof navigator === 'undefined' ? undefined : navigator.locks as LockManager | undefined;
  }

  #lock(session: string): string {
    return `${this.#name}:${session}`;
  }
}

function opened(name: string): Promise<IDBDatabase> {
  const request = indexedDB.open(name, 1);
  request.onupgradeneeded = () => [VALUES, BYTES].forEach((store) => request.result.createObjectStore(store));
  return answer(request);
}

function answer<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('unable to use IndexedDB'));
  });
}
