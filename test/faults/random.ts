import { createHash } from 'node:crypto';

/** Random values that the same seed repeats. */
export interface Random {
  /** A whole number from `least` to `most`. */
  int(least: number, most: number): number;
  chance(probability: number): boolean;
  pick<T>(choices: readonly T[]): T;
  shuffle<T>(items: readonly T[]): T[];
  bytes(length: number): Buffer;
}

/** A separate stream of random values for each seed and name. */
export function createRandom(seed: number, name: string): Random {
  let turn = 0;
  const draw = (length: number) =>
    createHash('shake256', { outputLength: length }).update(`${seed} ${name} ${turn++}`).digest();
  const random: Random = {
    int: (least, most) => least + (draw(6).readUIntBE(0, 6) % (most - least + 1)),
    chance: (probability) => random.int(0, 999_999) < probability * 1_000_000,
    pick: (choices) => choices[random.int(0, choices.length - 1)] as never,
    shuffle(items) {
      const left = [...items];
      const shuffled: typeof left = [];
      while (left.length > 0) shuffled.push(...left.splice(random.int(0, left.length - 1), 1));
      return shuffled;
    },
    bytes: (length) => (length === 0 ? Buffer.alloc(0) : draw(length)),
  };
  return random;
}
