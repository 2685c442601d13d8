import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ChatClient, type FileStore } from '#node';

const JAR = process.env['MILLRACE_JAR'] ?? resolve(import.meta.dirname, '../../../standalone/target/quarkus-app/quarkus-run.jar');

export const isBuilt = (): boolean => existsSync(JAR);

const LOWEST_PORT = 10_000;
const HIGHEST_PORT = 30_000;

/** Free a moment ago, and below the ports that systems give to outgoing connections: no client can take it while the server is away. */
async function freePort(): Promise<number> {
  const port = LOWEST_PORT + Math.floor(Math.random() * (HIGHEST_PORT - LOWEST_PORT));
  const server = createServer();
  const isFree = await new Promise<boolean>((tried) => server.once('error', () => tried(false)).listen(port, '127.0.0.1', () => tried(true)));
  if (!isFree) {
    return freePort();
  }
  await new Promise((closed) => server.close(closed));
  return port;
}

/** The built distribution on ports and data of its own, as a process. */
export class Distribution {
  readonly data = mkdtempSync(join(tmpdir(), 'millrace-'));
  readonly #settings: Record<string, string>;
  #ports: { http: number; kafka: number } | null = null;
  #child: ChildProcess | null = null;
  #output = '';

  constructor(settings: Record<string, string> = {}) {
    this.#settings = settings;
  }

  get httpPort(): number {
    return this.#ports?.http ?? 0;
  }

  get url(): string {
    return `http://127.0.0.1:${this.httpPort}`;
  }

  async start(): Promise<void> {
    this.#ports ??= { http: await freePort(), kafka: await freePort() };
    const java = process.env['JAVA_HOME'] === undefined ? 'java' : join(process.env['JAVA_HOME'], 'bin', 'java');
    this.#child = spawn(java, ['-Xmx768m', '-jar', JAR], {
      env: { ...process.env, MILLRACE_DATA: this.data, MILLRACE_HTTP_PORT: String(this.#ports.http), MILLRACE_KAFKA_PORT: String(this.#ports.kafka), ...this.#settings },
    });
    this.#child.stdout?.on('data', (part) => { this.#output += part; });
    this.#child.stderr?.on('data', (part) => { this.#output += part; });
    await until('the server to be ready', async () => {
      if (this.#child?.exitCode !== null) {
        throw new Error(`the server ended: ${this.#output}`);
      }
      return fetch(`${this.url}/q/health/ready`).then(({ ok }) => ok, () => false);
    }, 120_000);
  }

  /** As a power cut would. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child !== null && child.exitCode === null) {
      const ended = new Promise((exit) => child.once('exit', exit));
      child.kill('SIGKILL');
      await ended;
    }
  }

  async stop(): Promise<void> {
    await this.kill();
    rmSync(this.data, { recursive: true, force: true });
  }

  async token(sub: string, claims: { expiresInSeconds?: number; rooms?: Record<string, string[]> } = {}): Promise<string> {
    const response = await fetch(`${this.url}/dev/token`, { method: 'POST', body: JSON.stringify({ sub, ...claims }) });
    return ((await response.json()) as { token: string }).token;
  }

  client(sub: string, options: { store?: FileStore; resumeUnfinished?: boolean; url?: string; user?: string; expiresInSeconds?: number; rooms?: Record<string, string[]> } = {}): ChatClient {
    const { expiresInSeconds, rooms, ...rest } = options;
    const claims = { ...(expiresInSeconds !== undefined && { expiresInSeconds }), ...(rooms && { rooms }) };
    return new ChatClient({ url: this.url, getToken: () => this.token(sub, claims), backoffMaxMs: 1_000, ...rest });
  }
}

export async function until(what: string, holds: () => boolean | Promise<boolean>, patienceMs = 30_000): Promise<void> {
  const end = Date.now() + patienceMs;
  while (!await holds()) {
    if (Date.now() > end) {
      throw new Error(`waited in vain for ${what}`);
    }
    await new Promise((later) => setTimeout(later, 20));
  }
}
