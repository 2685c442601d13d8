import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import { encodeFrame, FrameDecoder } from '../../src/node/frames.ts';
import { NodeSocket } from '../../src/node/socket.ts';

const plain = (first: number, payload: Buffer): Buffer => Buffer.concat([Buffer.from([first, payload.length]), payload]);

describe('frames', () => {
  it.each([0, 125, 126, 65_535, 65_536])('of %i bytes are masked and carry their length', (length) => {
    const payload = Buffer.alloc(length, 'x');
    const frame = encodeFrame(1, payload);
    const header = length < 126 ? 2 : length < 65_536 ? 4 : 10;
    const mask = frame.subarray(header, header + 4);
    expect(payload.equals(frame.subarray(header + 4).map((byte, i) => byte ^ (mask[i % 4] ?? 0)))).toBe(true);
  });

  it('are read whatever the pieces they come in, fragments joined, control frames between them', () => {
    const bytes = Buffer.concat([plain(0x01, Buffer.from('he')), plain(0x89, Buffer.from('p')), plain(0x80, Buffer.from('llo'))]);
    const decoder = new FrameDecoder();
    const frames = [...bytes].flatMap((byte) => decoder.push(Buffer.from([byte])));
    expect(frames.map(({ opcode, payload }) => [opcode, payload.toString()])).toEqual([[9, 'p'], [1, 'hello']]);
  });

  it('beyond all bounds are refused', () => {
    expect(() => new FrameDecoder().push(Buffer.from([0x81, 127, 0, 0, 0, 1, 0, 0, 0, 0]))).toThrow('bytes');
  });
});

describe('a socket of Node', () => {
  let server: Server;
  afterEach(() => { server.closeAllConnections(); server.close(); });

  const serve = async (upgrade: ((stream: Duplex, accept: string) => void) | null): Promise<string> => {
    server = createServer((_, response) => response.writeHead(401).end());
    if (upgrade !== null) {
      server.on('upgrade', ({ headers }, stream) => {
        upgrade(stream, createHash('sha1').update(`${headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64'));
      });
    }
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    return `ws://127.0.0.1:${(server.address() as { port: number }).port}/v1/ingest`;
  };
  const accepted = (accept: string): string => `HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-accept: ${accept}\r\n\r\n`;
  const closed = (socket: NodeSocket): Promise<{ code: number; reason: string }> => new Promise((resolve) => { socket.onclose = resolve; });

  it('gets what comes with the handshake, answers pings and tells the close code', async () => {
    const got: string[] = [];
    const socket = new NodeSocket(await serve((stream, accept) => {
      stream.write(Buffer.concat([Buffer.from(accepted(accept)), plain(0x81, Buffer.from('hello')), plain(0x89, Buffer.from('p'))]));
      stream.once('data', () => stream.write(plain(0x88, Buffer.concat([Buffer.from([0x10, 0x04]), Buffer.from('away')]))));
    }), ['millrace.v1']);
    socket.onmessage = ({ data }) => got.push(String(data));
    expect(await closed(socket)).toEqual({ code: 4100, reason: 'away' });
    expect(got).toEqual(['hello']);
  });

  it('is closed as lost when the server refuses, lies or vanishes', async () => {
    expect(await closed(new NodeSocket(await serve(null), ['millrace.v1']))).toMatchObject({ code: 1006, reason: 'the server answered 401' });
    expect(await closed(new NodeSocket(await serve((stream) => stream.write(accepted('wrong'))), []))).toMatchObject({ code: 1006 });
    expect(await closed(new NodeSocket(await serve((stream, accept) => { stream.write(accepted(accept)); setImmediate(() => stream.destroy()); }), []))).toMatchObject({ code: 1006 });
    expect(await closed(new NodeSocket('ws://127.0.0.1:9/', []))).toMatchObject({ code: 1006 });
  });
});
