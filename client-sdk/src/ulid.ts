/** A ULID: 48 bits of time, 80 of chance, in 26 characters that ids and sessions may have (MSG-2, MSG-3); in the letters of base 32 hex. */
export function ulid(now: number = Date.now()): string {
  const time = Array.from({ length: 10 }, (_, i) => Math.floor(now / 32 ** (9 - i)));
  return [...time, ...crypto.getRandomValues(new Uint8Array(16))].map((digit) => (digit % 32).toString(32)).join('').toUpperCase();
}
