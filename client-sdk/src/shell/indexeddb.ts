import type { Store } from './store.js';
import { within } from './time.js';

const KEPT = 'kept';
const BYTES = 'bytes:';
const OPEN_MS = 5_000;
const GRACE_MS = 1_000;

/**
 * Keeps everything in the browser, one database per user. Writes of one turn share a transaction. Every tab holds a lock for as long as it
 * lives, so that no tab takes a living one's messages for abandoned, and that of each session whose messages it took over.
 */
export function indexedDbStore(session: string): Store {
  /** Files of this page: at hand at once, and also where the browser keeps nothing. */
  const fresh = new Map<string, Blob>();
  const claims: Record<string, Promise<boolean>> = {};
  let database: Promise<IDBDatabase> | null = null;
  let name = '';
  let lost = (_: unknown): void => {};
  let work: ((store: IDBObjectStore) => void)[] = [];
  let written: Promise<unknown> = Promise.resolve();
  let release: (value: null) => void;
  const closed = new Promise<null>((resolve) => { release = resolve; });

  function write(act: (store: IDBObjectStore) => void): void {
    work.push(act);
    queueMicrotask(flush);
  }

  /** A browser that keeps nothing (private window, no space) says so and still sends. */
  function flush(): void {
    if (database && work.length > 0) {
      const acts = work;
      work = [];
      written = written.then(() => database).then((opened) => new Promise((resolve, reject) => {
        const transaction = opened!.transaction(KEPT, 'readwrite');
        acts.forEach((act) => act(transaction.objectStore(KEPT)));
        transaction.oncomplete = resolve;
        transaction.onabort = () => reject(transaction.error);
      })).catch((error: unknown) => lost(error));
    }
  }

  const store: Store = {
    open(user, onLost) {
      lost = onLost;
      name = `millrace/${user}`;
      const opening = database = opened(name);
      void store.claim(session);
      flush();
      return within(OPEN_MS, async () => {
        const kept = keptIn(await opening);
        const [keys, values] = await Promise.all([answer(kept.getAllKeys()), answer(kept.getAll())]);
        return new Map(keys.map((key, i) => [key as string, values[i] as unknown]));
      }).catch((error: unknown) => {
        lost(error);
        return new Map();
      });
    },
    put: (key, value) => write((kept) => kept.put(value, key)),
    delete: (key) => write((kept) => kept.delete(key)),
    putBytes(key, bytes) {
      fresh.set(key, bytes);
      store.put(BYTES + key, bytes);
    },
    bytes: async (key) => fresh.get(key) ?? answer<Blob | undefined>(keptIn((await database)!).get(BYTES + key)),
    deleteBytes(key) {
      fresh.delete(key);
      store.delete(BYTES + key);
    },
    /**
     * Waits a moment for the session's lock, for a page that is being left gives it up late, and keeps it until this store closes or the page
     * ends. Where there are no locks every other session counts as over.
     */
    claim: (other) => claims[other] ??= new Promise((claimed) => {
      const locks = navigator.locks as LockManager | undefined;
      const take = (): Promise<null> => {
        claimed(true);
        return closed;
      };
      locks ? locks.request(`${name}/${other}`, { signal: AbortSignal.timeout(GRACE_MS) }, take).catch(() => claimed(false)) : claimed(true);
    }),
    async close() {
      flush();
      await written;
      release(null);
      await database?.then((opened) => opened.close(), () => {});
    },
  };
  return store;
}

const keptIn = (database: IDBDatabase): IDBObjectStore => database.transaction(KEPT).objectStore(KEPT);

async function opened(name: string): Promise<IDBDatabase> {
  const request = indexedDB.open(name, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(KEPT);
  return answer(request);
}

function answer<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
