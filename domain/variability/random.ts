/** Random numbers that are the same for the same seed, for Monte Carlo probabilities and simulated sources. */

const { exp, floor, imul, log, sqrt } = Math;

/** One step of a mixer that spreads a seed over 32 bits. Source: Steele, Lea & Flood (2014), OOPSLA: SplitMix. */
function mixed(state: number): number {
  let z = (state + 0x9e3779b9) | 0;
  z = imul(z ^ (z >>> 16), 0x85ebca6b);
  z = imul(z ^ (z >>> 13), 0xc2b2ae35);
  return (z ^ (z >>> 16)) >>> 0;
}

const rotated = (x: number, bits: number): number => (x << bits) | (x >>> (32 - bits));

/** Source: Blackman & Vigna (2021), ACM TOMS 47, 36: xoshiro128**, period 2¹²⁸ − 1. */
export class SeededRandom {
  private a: number;
  private b: number;
  private c: number;
  private d: number;
  private spare = 0;
  private hasSpare = false;

  /** @param seed any whole number; its lower 32 bits count. */
  constructor(seed: number) {
    this.a = mixed(seed | 0);
    this.b = mixed((seed + 0x9e3779b9) | 0);
    this.c = mixed((seed + 0x3c6ef372) | 0);
    this.d = mixed((seed + 0xdaa66d2b) | 0) | 1;
  }

  private bits(): number {
    const result = imul(rotated(imul(this.b, 5), 7), 9) >>> 0;
    const t = this.b << 9;
    this.c ^= this.a;
    this.d ^= this.b;
    this.b ^= this.c;
    this.a ^= this.d;
    this.c ^= t;
    this.d = rotated(this.d, 11);
    return result;
  }

  /** Uniform in (0, 1). */
  uniform(): number {
    return ((this.bits() >>> 6) * 67108864 + (this.bits() >>> 6) + 0.5) / 4503599627370496;
  }

  /** Uniform among 0 … count − 1. */
  below(count: number): number {
    return floor(this.uniform() * count);
  }

  /** Standard normal. Source: Marsaglia & Bray (1964), the polar method. */
  normal(): number {
    if (this.hasSpare) {
      this.hasSpare = false;
      return this.spare;
    }
    let [x, y, square] = [0, 0, 2];
    while (square >= 1 || square === 0) {
      x = this.bits() / 2147483648 - 1;
      y = this.bits() / 2147483648 - 1;
      square = x * x + y * y;
    }
    const factor = sqrt((-2 * log(square)) / square);
    this.spare = y * factor;
    this.hasSpare = true;
    return x * factor;
  }

  /** Standard normal above `least`. Source: Robert (1995), Statistics and Computing 5, 121. */
  normalAbove(least: number): number {
    if (least <= 0.5) {
      let value = this.normal();
      while (value < least) value = this.normal();
      return value;
    }
    const rate = (least + sqrt(least * least + 4)) / 2;
    for (;;) {
      const value = least - log(this.uniform()) / rate;
      if (this.uniform() <= exp(-0.5 * (value - rate) ** 2)) return value;
    }
  }

  /** Fills an array with standard normals. */
  fillNormal(target: Float64Array): void {
    for (let i = 0; i < target.length; i += 1) target[i] = this.normal();
  }
}
