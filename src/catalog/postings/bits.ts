/**
 * Numbers as bits, the lowest first. Rice's code (R. F. Rice, "Some practical universal noiseless coding techniques", 1979): a number is
 * written as its `low` lowest bits, after as many noughts as what is left of it says, and a one. Where numbers are about as large as
 * 2^low, each takes some two bits more than `low`.
 */
export class BitWriter {
  #bytes = new Uint8Array(256);
  #length = 0;
  #held = 0;
  #bits = 0;

  /** How many bits there are. */
  get size(): number {
    return this.#length * 8 + this.#bits;
  }

  /** At most 24 bits of a whole number from nought up. */
  write(value: number, bits: number): void {
    this.#held |= value << this.#bits;
    this.#bits += bits;
    while (this.#bits >= 8) {
      if (this.#length === this.#bytes.length) this.#grow();
      this.#bytes[this.#length++] = this.#held & 0xff;
      this.#held >>>= 8;
      this.#bits -= 8;
    }
  }

  /** Any number from nought up to 2^53 that is at most some thousand times as large as 2^low. */
  rice(value: number, low: number): void {
    this.#zeros(Math.floor(value / 2 ** low));
    this.wide(value % 2 ** low, low);
  }

  /** Up to 53 bits. */
  wide(value: number, bits: number): void {
    let left = value;
    let many = bits;
    for (; many > 16; many -= 16) {
      this.write(left % 0x1_0000, 16);
      left = Math.floor(left / 0x1_0000);
    }
    if (many > 0) this.write(left, many);
  }

  /** How many, from one: Elias' gamma code (1975). */
  count(value: number): void {
    const bits = 31 - Math.clz32(value);
    this.#zeros(bits);
    this.wide(value - 2 ** bits, bits);
  }

  /** So many noughts, and a one. */
  #zeros(many: number): void {
    let left = many;
    for (; left >= 24; left -= 24) this.write(0, 24);
    this.write(1 << left, left + 1);
  }

  /** What was written, whole bytes. */
  bytes(): Buffer {
    if (this.#bits > 0) this.write(0, 8 - this.#bits);
    return Buffer.from(this.#bytes.subarray(0, this.#length));
  }

  #grow(): void {
    const larger = new Uint8Array(this.#bytes.length * 2);
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}

/** Reads what {@link BitWriter} wrote. Behind the end there are noughts. */
export class BitReader {
  readonly #bytes: Uint8Array;
  /** The next bit. */
  at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** At least 25 of the next bits. */
  #window(): number {
    const bytes = this.#bytes;
    const first = this.at >>> 3;
    if (first + 3 >= bytes.length) return this.#lastWindow(first);
    const word =
      (bytes[first] as number) |
      ((bytes[first + 1] as number) << 8) |
      ((bytes[first + 2] as number) << 16) |
      ((bytes[first + 3] as number) << 24);
    return word >>> (this.at & 7);
  }

  #lastWindow(first: number): number {
    let word = 0;
    for (let i = 0; i < 4; i++) word |= (this.#bytes[first + i] ?? 0) << (8 * i);
    return word >>> (this.at & 7);
  }

  /** At most 24 bits. */
  read(bits: number): number {
    const value = this.#window() & ((1 << bits) - 1);
    this.at += bits;
    return value;
  }

  /** How many noughts come before the next one; both are passed over. Throws `RangeError` where no one comes. */
  zeros(): number {
    let many = 0;
    for (;;) {
      const window = this.#window() & 0x1ff_ffff;
      if (window !== 0) {
        const zeros = 31 - Math.clz32(window & -window);
        this.at += zeros + 1;
        return many + zeros;
      }
      this.at += 25;
      many += 25;
      if (this.at > this.#bytes.length * 8) throw new RangeError('The bits end too soon.');
    }
  }

  rice(low: number): number {
    // Mostly all of it is in one window.
    const window = this.#window();
    const zeros = 31 - Math.clz32(window & -window);
    const bits = zeros + 1 + low;
    if (window !== 0 && bits <= 25) {
      this.at += bits;
      return (zeros << low) | ((window >>> (zeros + 1)) & ((1 << low) - 1));
    }
    const rest = this.zeros();
    return low <= 24 ? rest * 2 ** low + this.read(low) : rest * 2 ** low + this.wide(low);
  }

  wide(bits: number): number {
    let value = 0;
    let scale = 1;
    let many = bits;
    for (; many > 16; many -= 16) {
      value += this.read(16) * scale;
      scale *= 0x1_0000;
    }
    return value + this.read(many) * scale;
  }

  count(): number {
    const bits = this.zeros();
    return 2 ** bits + this.wide(bits);
  }
}
