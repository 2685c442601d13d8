import { createHash, randomBytes } from 'node:crypto';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Duplex } from 'node:stream';
import type { Socket } from '../shell/link.js';
import { encodeFrame, FrameDecoder, type Frame } from './frames.js';

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const NO_STATUS = 1005;
const ABNORMAL = 1006;

/** A WebSocket client (RFC 6455) for Node 20, which has none of its own. Text only, no extensions. */
export class NodeSocket implements Socket {
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;
  onerror: ((event: never) => void) | null = null;
  #stream: Duplex | null = null;
  #closed = false;
  #closing: { code: number; reason: string } | null = null;
  readonly #decoder = new FrameDecoder();
  readonly #abort: () => void;

  constructor(url: string, protocols: string[]) {
    const target = new URL(url.replace(/^ws/, 'http'));
    const key = randomBytes(16).toString('base64');
    const headers = {
      'connection': 'Upgrade', 'upgrade': 'websocket', 'sec-websocket-version': '13', 'sec-websocket-key': key, 'sec-websocket-protocol': protocols.join(', '),
    };
    const request = (target.protocol === 'https:' ? httpsRequest : httpRequest)(target, { headers, agent: false });
    this.#abort = () => request.destroy();
    request.on('error', (error) => this.#end(ABNORMAL, error.message));
    request.on('response', (response) => {
      response.resume();
      this.#end(ABNORMAL, `the server answered ${response.statusCode}`);
      request.destroy();
    });
    request.on('upgrade', (response, stream, head) => this.#upgraded(key, response, stream, head));
    request.end();
  }

  send(text: string): void {
    this.#stream?.write(encodeFrame(1, Buffer.from(text)));
  }

  close(code = 1000): void {
    if (this.#stream === null) {
      this.#abort();
      return this.#end(ABNORMAL, '');
    }
    const payload = Buffer.alloc(2);
    payload.writeUInt16BE(code);
    this.#stream.end(encodeFrame(8, payload));
    this.#end(code, '');
  }

  #upgraded(key: string, response: IncomingMessage, stream: Duplex, head: Buffer): void {
    const expected = createHash('sha1').update(key + GUID).digest('base64');
    if (this.#closed || response.headers['sec-websocket-accept'] !== expected) {
      stream.destroy();
      return this.#end(ABNORMAL, 'the server does not speak WebSocket');
    }
    this.#stream = stream;
    stream.on('data', (chunk: Buffer) => this.#read(chunk));
    stream.on('error', (error) => this.#end(ABNORMAL, error.message));
    stream.on('close', () => this.#end(this.#closing?.code ?? ABNORMAL, this.#closing?.reason ?? ''));
    if (head.length > 0) {
      this.#read(head);
    }
  }

  #read(chunk: Buffer): void {
    try {
      this.#decoder.push(chunk).forEach((frame) => this.#frame(frame));
    } catch (error) {
      this.#stream?.destroy();
      this.#end(ABNORMAL, String(error));
    }
  }

  #frame({ opcode, payload }: Frame): void {
    if (this.#closed) {
      return;
    }
    if (opcode === 1) {
      this.onmessage?.({ data: payload.toString() });
    } else if (opcode === 9) {
      this.#stream?.write(encodeFrame(10, payload));
    } else if (opcode === 8) {
      this.#closing = payload.length < 2 ? { code: NO_STATUS, reason: '' } : { code: payload.readUInt16BE(), reason: payload.subarray(2).toString() };
      this.#stream?.end(encodeFrame(8, payload));
      this.#end(this.#closing.code, this.#closing.reason);
    }
  }

  #end(code: number, reason: string): void {
    if (!this.#closed) {
      this.#closed = true;
      queueMicrotask(() => this.onclose?.({ code, reason }));
    }
  }
}
