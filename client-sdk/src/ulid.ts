/** A ULID: 48 bits of time, 80 of chance, in 26 characters that ids and sessions may have (MSG-2, MSG-3); in the letters of base 32 hex. */
export function ulid(now: number = Date.now()): string {
  const chance = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => (byte % 32).toString(32)).join('');
  return (now.toString(32).padStart(10, '0') + chance).toUpperCase();
}
