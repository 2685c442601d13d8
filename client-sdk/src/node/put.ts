import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Put } from '../shell/uploader.js';

const CHUNK_BYTES = 64 << 10;

/** Sends with a length, which stores with presigned addresses ask for, and waits for the peer at each chunk. */
export const nodePut: Put = (url, headers, bytes, progress) => new Promise((resolve, reject) => {
  const target = new URL(url);
  const request = (target.protocol === 'https:' ? httpsRequest : httpRequest)(target, { method: 'PUT', headers: { ...headers, 'content-length': bytes.size } });
  request.on('error', reject);
  request.on('response', (response) => {
    const parts: Buffer[] = [];
    response.on('data', (part: Buffer) => parts.push(part));
    response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(parts).toString() }));
    response.on('error', reject);
  });
  void (async () => {
    for (let at = 0; at < bytes.size && !request.destroyed; at += CHUNK_BYTES) {
      const chunk = Buffer.from(await bytes.slice(at, at + CHUNK_BYTES).arrayBuffer());
      if (!request.write(chunk)) {
        await new Promise((drained) => request.once('drain', drained).once('close', drained));
      }
      progress(at + chunk.length);
    }
    request.end();
  })().catch((error: Error) => request.destroy(error));
});
