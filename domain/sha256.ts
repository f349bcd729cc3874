/**
 * SHA-256 of text in plain TypeScript: ids are made in workflow code too, where Node's crypto is not to be had.
 *
 * For short text; files are hashed with Node's crypto. Source: FIPS 180-4, sections 4.1.2, 4.2.2, 5.1.1 and 6.2.
 */

/** First 32 bits of the fractional parts of a root of the first primes. */
function fractionsOfRoots(count: number, root: (prime: number) => number): Uint32Array {
  const words = new Uint32Array(count);
  for (let found = 0, candidate = 2; found < count; candidate += 1) {
    if (!isPrime(candidate)) continue;
    const value = root(candidate);
    words[found] = Math.floor((value - Math.floor(value)) * 2 ** 32);
    found += 1;
  }
  return words;
}

function isPrime(candidate: number): boolean {
  for (let divisor = 2; divisor * divisor <= candidate; divisor += 1) {
    if (candidate % divisor === 0) return false;
  }
  return true;
}

const INITIAL = fractionsOfRoots(8, Math.sqrt);
const ROUND = fractionsOfRoots(64, Math.cbrt);

/** UTF-8 bytes; a lone surrogate becomes U+FFFD, as in TextEncoder. */
export function utf8Bytes(text: string): number[] {
  const bytes: number[] = [];
  for (const character of text.toWellFormed()) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x80) bytes.push(code);
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63));
    else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    else {
      bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    }
  }
  return bytes;
}

/** Message, bit 1, zeros, length in bits as 64 bits: a whole number of 64-byte blocks. */
function padded(message: readonly number[]): Uint8Array {
  const block = new Uint8Array(Math.ceil((message.length + 9) / 64) * 64);
  block.set(message);
  block[message.length] = 0x80;
  const view = new DataView(block.buffer);
  view.setUint32(block.length - 8, Math.floor(message.length / 2 ** 29));
  view.setUint32(block.length - 4, (message.length * 8) >>> 0);
  return block;
}

const rotateRight = (word: number, bits: number): number => (word >>> bits) | (word << (32 - bits));

/** Message schedule W of one block. */
function schedule(view: DataView, offset: number): Uint32Array {
  const w = new Uint32Array(64);
  for (let t = 0; t < 16; t += 1) w[t] = view.getUint32(offset + 4 * t);
  for (let t = 16; t < 64; t += 1) {
    const w15 = w[t - 15] ?? 0;
    const w2 = w[t - 2] ?? 0;
    const sigma0 = rotateRight(w15, 7) ^ rotateRight(w15, 18) ^ (w15 >>> 3);
    const sigma1 = rotateRight(w2, 17) ^ rotateRight(w2, 19) ^ (w2 >>> 10);
    w[t] = (w[t - 16] ?? 0) + sigma0 + (w[t - 7] ?? 0) + sigma1;
  }
  return w;
}

/** One block of the hash computation; changes `state`. */
function compress(state: Uint32Array, w: Uint32Array): void {
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
  for (let t = 0; t < 64; t += 1) {
    const sum1 = rotateRight(e, 6) ^ rotateRight(e, 11) ^ rotateRight(e, 25);
    const temp1 = (h + sum1 + ((e & f) ^ (~e & g)) + (ROUND[t] ?? 0) + (w[t] ?? 0)) | 0;
    const sum0 = rotateRight(a, 2) ^ rotateRight(a, 13) ^ rotateRight(a, 22);
    const temp2 = (sum0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + temp1) | 0, c, b, a, (temp1 + temp2) | 0];
  }
  [a, b, c, d, e, f, g, h].forEach((word, index) => {
    state[index] = (state[index] ?? 0) + word;
  });
}

/** SHA-256 of the UTF-8 bytes of a text, 64 hexadecimal digits. */
export function sha256Hex(text: string): string {
  const block = padded(utf8Bytes(text));
  const view = new DataView(block.buffer);
  const state = Uint32Array.from(INITIAL);
  for (let offset = 0; offset < block.length; offset += 64) compress(state, schedule(view, offset));
  return Array.from(state, (word) => word.toString(16).padStart(8, '0')).join('');
}
