import { expect, it } from 'vitest';
import { iconOf } from '../../../src/blocks/kit/icon.ts';

const nothing = { name: null, mimetype: null, filetype: null, mode: null };

it.each([
  [{ filetype: 'pdf' }, ':closed_book:'],
  [{ name: 'Photo.JPG' }, ':frame_with_picture:'],
  [{ name: 'weird.xyz', mimetype: 'video/x-odd' }, ':clapper:'],
  [{ name: 'data.csv', mimetype: 'text/csv' }, ':bar_chart:'],
  [{ mode: 'external', filetype: 'gdoc' }, ':link:'],
  [{ mode: 'canvas' }, ':memo:'],
  [{ filetype: 'constructor', name: 'a.__proto__' }, ':page_facing_up:'],
  [{}, ':page_facing_up:'],
])('%j gets %s', (given, icon) => {
  expect(iconOf({ ...nothing, ...given })).toBe(icon);
});
