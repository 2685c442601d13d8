import { randomBytes } from 'node:crypto';

/** A whole message or a control frame: 1 text, 8 close, 9 ping, 10 pong. */
export interface Frame {
  readonly opcode: number;
  readonly payload: Buffer;
}

const MAX_BYTES = 8 << 20;

/** Encodes one masked frame, as clients must. */
export function encodeFrame(opcode: number, payload: Buffer): Buffer {
  const { length } = payload;
  const extra = length < 126 ? 0 : length < 65_536 ? 2 : 8;
  const frame = Buffer.allocUnsafe(2 + extra + 4 + length);
  frame[0] = 0x80 | opcode;
  frame[1] = 0x80 | (extra === 0 ? length : extra === 2 ? 126 : 127);
  if (extra === 2) {
    frame.writeUInt16BE(length, 2);
  } else if (extra === 8) {
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  const mask = randomBytes(4);
  mask.copy(frame, 2 + extra);
  for (let i = 0; i < length; i++) {
    frame[6 + extra + i] = (payload[i] ?? 0) ^ (mask[i & 3] ?? 0);
  }
  return frame;
}

/** Cuts a stream of bytes into frames and puts fragments together. */
export class FrameDecoder {
  #rest: Buffer = Buffer.alloc(0);
  #parts: Buffer[] = [];
  #opcode = 0;

  push(chunk: Buffer): Frame[] {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const frames: Frame[] = [];
    for (let read = this.#next(); read !== null; read = this.#next()) {
      const { final, opcode, payload } = read;
      if (opcode >= 8) {
        frames.push({ opcode, payload });
        continue;
      }
      this.#opcode = opcode === 0 ? this.#opcode : opcode;
      this.#parts.push(payload);
      if (final) {
        frames.push({ opcode: this.#opcode, payload: Buffer.concat(this.#parts) });
        this.#parts = [];
      }
    }
    return frames;
  }

  #next(): { final: boolean; opcode: number; payload: Buffer } | null {
    const bytes = this.#rest;
    const short = (bytes[1] ?? 0) & 0x7f;
    const start = short < 126 ? 2 : short === 126 ? 4 : 10;
    if (bytes.length < start) {
      return null;
    }
    const length = short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
    if (length > MAX_BYTES) {
      throw new Error(`a frame has ${length} bytes`);
    }
    if (bytes.length < start + length) {
      return null;
    }
    this.#rest = bytes.subarray(start + length);
    const first = bytes[0] ?? 0;
    return { final: (first & 0x80) !== 0, opcode: first & 0x0f, payload: bytes.subarray(start, start + length) };
  }
}
