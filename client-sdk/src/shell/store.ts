/** Where the queue and the rooms' places are kept. Values are plain data; writes keep their order and are not waited for. */
export interface Store {
  /** Opens what belongs to one user and reads all of it but the bytes of files. It never fails: what cannot be read or kept is told to `lost`, and the messages go out. */
  open(name: string, lost: (error: unknown) => void): Promise<Map<string, unknown>>;
  put(key: string, value: unknown): void;
  delete(key: string): void;
  putBytes(key: string, bytes: Blob): void;
  bytes(key: string): Promise<Blob | undefined>;
  deleteBytes(key: string): void;
  /** Takes over what another session wrote: false while that one lives, or when a third (each is a tab) has it already. */
  claim(session: string): Promise<boolean>;
  close(): Promise<void>;
}

/** Keeps nothing beyond this object. */
export class MemoryStore implements Store {
  readonly #values = new Map<string, unknown>();
  readonly #bytes = new Map<string, Blob>();

  async open(): Promise<Map<string, unknown>> {
    return structuredClone(this.#values);
  }

  put(key: string, value: unknown): void {
    this.#values.set(key, structuredClone(value));
  }

  delete(key: string): void {
    this.#values.delete(key);
  }

  putBytes(key: string, bytes: Blob): void {
    this.#bytes.set(key, bytes);
  }

  async bytes(key: string): Promise<Blob | undefined> {
    return this.#bytes.get(key);
  }

  deleteBytes(key: string): void {
    this.#bytes.delete(key);
  }

  async claim(): Promise<boolean> {
    return true;
  }

  async close(): Promise<void> {}
}
