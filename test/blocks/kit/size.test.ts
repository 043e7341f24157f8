import { expect, it } from 'vitest';
import { sizeInWords } from '../../../src/blocks/kit/size.ts';

it.each([
  [0, '0 bytes'],
  [1, '1 byte'],
  [1023, '1023 bytes'],
  [1024, '1 KB'],
  [34_500, '34 KB'],
  [1_048_063, '1023 KB'],
  [1_048_064, '1 MB'],
  [1_258_291, '1.2 MB'],
  [10_380_902, '9.9 MB'],
  [10_433_332, '10 MB'],
  [157_286_400, '150 MB'],
  [1_073_741_824, '1 GB'],
  [5.5 * 1024 ** 4, '5.5 TB'],
  [Number.MAX_SAFE_INTEGER, '8 PB'],
  [null, 'unknown size'],
  [-1, 'unknown size'],
  [Number.NaN, 'unknown size'],
])('%s bytes are %s', (bytes, words) => {
  expect(sizeInWords(bytes)).toBe(words);
});
