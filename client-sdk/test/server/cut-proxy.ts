import { connect, createServer, type Server, type Socket } from 'node:net';

/** Passes bytes on, and cuts connections wherever it happens to be: between frames, inside one, with part of it delivered. */
export class CutProxy {
  readonly #target: () => number;
  readonly #chance: () => number;
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;
  /** Mean bytes from the server after which a connection is cut; 0: never. */
  cutAfter = 0;
  cuts = 0;

  constructor(target: () => number, chance: () => number) {
    this.#target = target;
    this.#chance = chance;
    this.#server = createServer((client) => this.#join(client));
  }

  async open(): Promise<string> {
    await new Promise<void>((listening) => this.#server.listen(0, '127.0.0.1', listening));
    return `http://127.0.0.1:${(this.#server.address() as { port: number }).port}`;
  }

  close(): void {
    this.#server.close();
    this.#sockets.forEach((socket) => socket.destroy());
  }

  #join(client: Socket): void {
    const server = connect(this.#target(), '127.0.0.1');
    const drop = (): void => [client, server].forEach((socket) => { socket.destroy(); this.#sockets.delete(socket); });
    let left = { up: this.#draw(), down: this.#draw() };
    const pass = (from: Socket, to: Socket, way: 'up' | 'down'): void => {
      this.#sockets.add(from);
      from.on('error', drop).on('close', drop).on('data', (chunk: Buffer) => {
        if (chunk.length < left[way]) {
          left[way] -= chunk.length;
          to.write(chunk);
          return;
        }
        this.cuts++;
        to.write(chunk.subarray(0, left[way]), drop);
        left = { up: Infinity, down: Infinity };
      });
    };
    pass(client, server, 'up');
    pass(server, client, 'down');
  }

  #draw(): number {
    return this.cutAfter === 0 ? Infinity : Math.floor(-Math.log(1 - this.#chance()) * this.cutAfter) + 1;
  }
}
