import { inflateRawSync } from 'node:zlib';
import { fileTypeFromBuffer } from 'file-type';
import { expect, test } from 'vitest';
import { samples } from '../../sandbox/samples.ts';

const named = (ending: string): Buffer => {
  const found = samples().find(({ name }) => name.endsWith(ending));
  if (found === undefined) throw new Error(`no sample ends in ${ending}`);
  return found.content;
};

test('there are six samples of six kinds, small, and one of them is about the budget', () => {
  const all = samples();
  expect(all).toHaveLength(6);
  expect(new Set(all.map(({ mimetype }) => mimetype)).size).toBe(6);
  expect(all.filter(({ name }) => /budget/i.test(name))).toHaveLength(1);
  for (const { content } of all) expect(content.length).toBeLessThan(50_000);
});

test.each(['pdf', 'png', 'wav', 'zip'])('the %s really is one', async (ending) => {
  expect((await fileTypeFromBuffer(named(`.${ending}`)))?.ext).toBe(ending);
});

test('the PDF’s table of objects points at its objects', () => {
  const pdf = named('.pdf').toString('latin1');
  const table = Number(/startxref\n(\d+)/.exec(pdf)?.[1]);
  expect(pdf.slice(table, table + 4)).toBe('xref');
  const offsets = [...pdf.slice(table).matchAll(/^(\d{10}) 00000 n $/gm)].map(([, offset]) => Number(offset));
  expect(offsets.map((offset) => pdf.slice(offset, offset + 7))).toEqual(
    [1, 2, 3, 4, 5].map((at) => `${at} 0 obj`),
  );
});

test('what is in the archive comes out again', () => {
  const zip = named('.zip');
  const packed = zip.readUInt32LE(18);
  const name = zip.readUInt16LE(26);
  expect(zip.toString('latin1', 30, 30 + name)).toBe('index.html');
  expect(inflateRawSync(zip.subarray(30 + name, 30 + name + packed)).toString()).toContain('<!doctype html>');
});
