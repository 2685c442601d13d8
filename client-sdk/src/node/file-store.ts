import { appendFileSync, existsSync, mkdirSync, openAsBlob, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Store } from '../shell/store.js';

const COMPACT_AFTER = 10_000;

/**
 * Keeps everything in a directory: a journal of JSON lines per user, and a file per attachment. A line is written before `put` returns, so
 * it outlives kill -9 of the process; a line cut short is ignored. A disk that takes nothing is told and stops no message. One process at a time.
 */
export class FileStore implements Store {
  readonly #directory: string;
  readonly #values = new Map<string, unknown>();
  readonly #writes = new Map<string, Promise<void>>();
  #lost: (error: unknown) => void = () => {};
  #journal = '';
  #early: string[] = [];
  #lines = 0;

  constructor(directory: string) {
    this.#directory = directory;
    mkdirSync(join(directory, 'bytes'), { recursive: true });
  }

  async open(name: string, lost: (error: unknown) => void): Promise<Map<string, unknown>> {
    const own = join(this.#directory, name.replaceAll(/[^A-Za-z0-9_.-]/g, (c) => `%${c.charCodeAt(0).toString(16)}`));
    this.#lost = lost;
    this.#journal = join(own, 'journal.jsonl');
    try {
      mkdirSync(own, { recursive: true });
      const lines = existsSync(this.#journal) ? readFileSync(this.#journal, 'utf8').split('\n') : [];
      lines.forEach((line) => this.#apply(line));
      this.#compact();
    } catch (error) {
      lost(error);
    }
    const kept = structuredClone(this.#values);
    this.#early.splice(0).forEach((line) => this.#append(line));
    return kept;
  }

  put(key: string, value: unknown): void {
    this.#append(JSON.stringify([key, value]));
  }

  delete(key: string): void {
    this.#append(JSON.stringify([key]));
  }

  putBytes(key: string, bytes: Blob): void {
    this.#writes.set(key, bytes.arrayBuffer().then((buffer) => writeFile(this.#file(key), Buffer.from(buffer))).catch((error: unknown) => this.#lost(error)));
  }

  async bytes(key: string): Promise<Blob | undefined> {
    await this.#writes.get(key);
    return existsSync(this.#file(key)) ? openAsBlob(this.#file(key)) : undefined;
  }

  deleteBytes(key: string): void {
    void (this.#writes.get(key) ?? Promise.resolve()).then(() => rmSync(this.#file(key), { force: true }));
    this.#writes.delete(key);
  }

  async claim(): Promise<boolean> {
    return true;
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#writes.values());
  }

  #file(key: string): string {
    return join(this.#directory, 'bytes', key);
  }

  #append(line: string): void {
    if (this.#journal === '') {
      this.#early.push(line);
      return;
    }
    this.#apply(line);
    try {
      appendFileSync(this.#journal, `${line}\n`);
      if (++this.#lines > COMPACT_AFTER + 4 * this.#values.size) {
        this.#compact();
      }
    } catch (error) {
      this.#lost(error);
    }
  }

  #apply(line: string): void {
    try {
      const [key, value] = JSON.parse(line) as [string, unknown?];
      if (value === undefined) {
        this.#values.delete(key);
      } else {
        this.#values.set(key, value);
      }
    } catch {
      // the process ended while it wrote this line
    }
  }

  #compact(): void {
    writeFileSync(`${this.#journal}.new`, [...this.#values].map((entry) => `${JSON.stringify(entry)}\n`).join(''));
    renameSync(`${this.#journal}.new`, this.#journal);
    this.#lines = 0;
  }
}
