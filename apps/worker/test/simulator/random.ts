import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

/** Where a simulation draws its choices from. The same draws give the same run. */
export interface Random {
  /** A whole number from 0 to `max`. */
  upTo(max: number): number;
  /** Whether something happens that has this probability. */
  chance(probability: number): boolean;
  pick<Item>(items: readonly [Item, ...Item[]]): Item;
}

/** Draws from a seed. */
export function createRandom(seed: number): Random {
  const generator = xoroshiro128plus(seed);
  return fromDraws((max) => uniformInt(generator, 0, max));
}

/** Draws from a list of numbers, and 0 after its end: so that a failing run can be made smaller. */
export function createListedRandom(numbers: readonly number[]): Random {
  let index = 0;
  return fromDraws((max) => {
    const number = numbers[index] ?? 0;
    index += 1;
    return number % (max + 1);
  });
}

function fromDraws(upTo: Random["upTo"]): Random {
  return {
    upTo,
    chance: (probability) => upTo(9_999) >= 10_000 * (1 - probability),
    pick: (items) => items[upTo(items.length - 1)] ?? items[0],
  };
}
