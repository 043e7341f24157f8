import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BUCKET, startVault, type TestVault, until } from '../helpers/vault.ts';

const NAMES: Array<string | null> = [
  null,
  'plain.txt',
  'plain.txt',
  'PLAIN.TXT',
  ' leading and trailing ',
  'two  spaces\u00a0and a hard one.txt',
  '.hidden',
  'no-extension',
  'many.dots.in.it.tar.gz',
  '...',
  '..',
  '../../etc/passwd',
  '..\\..\\windows\\system32\\cmd.exe',
  '/absolute.txt',
  'a/b/c.txt',
  'C:\\file.txt',
  'CON',
  'nul.txt',
  'tab\tand\nnewline\r.txt',
  'bell\u0007 and escape\u001b[31m.txt',
  'nul\u0000inside.txt',
  'quote"and\'apostrophe`.txt',
  '<script>alert(1)</script>.html.txt',
  '&amp; & &lt;.txt',
  '*bold* _italic_ ~gone~ `code`.txt',
  '<@U012AB3CD> <!channel> <https://example.com|click>.txt',
  'percent%20and%2F..%2f.txt',
  'semi;colon=equals,comma.txt',
  "'; drop table file; --.txt",
  'Ünïcödé – „quotes“.pdf',
  'e\u0301 decomposed.txt',
  '漢字かな交じり文.txt',
  'שלום עולם.txt',
  'invoice\u202egpj.exe',
  'zero\u200bwidth\u200djoiner\ufeff.txt',
  '👩‍👧‍👦🏳️‍🌈.png',
  '\ud83d lone surrogate.txt',
  'U+10FFFF \u{10ffff}.txt',
  `${'x'.repeat(250)}.txt`,
  `${'漢'.repeat(400)}.txt`,
  `${'é'.repeat(2_000)}.pdf`,
  `long-extension.${'y'.repeat(300)}`,
];

describe('names of every kind', () => {
  let vault: TestVault;
  const files = new Map<string, { name: string | null; bytes: Buffer }>();
  beforeAll(async () => {
    vault = await startVault();
    await vault.startBot();
    const anna = vault.slack.as('anna');
    for (const name of NAMES) {
      const bytes = randomBytes(100);
      const { files: ids } = await anna.share('general', { name, content: bytes });
      files.set(ids[0] as string, { name, bytes });
    }
    await until('every file', async () => (await objects()).length === NAMES.length, 60_000);
  }, 120_000);
  afterAll(() => vault.close());

  const objects = async () => (await vault.s3.list(BUCKET)).filter(({ key }) => /\/F[^/]+\//.test(key));
  const answers = () =>
    vault.slack
      .as('anna')
      .messages('general')
      .filter(({ ephemeral }) => ephemeral);

  it('keys are valid and unique, one segment each for the name, and the bytes are right', async () => {
    const keys = (await objects()).map(({ key }) => key);
    expect(new Set(keys).size).toBe(NAMES.length);
    for (const [fileId, { bytes }] of files) {
      const [key, ...others] = keys.filter((one) => one.includes(`/${fileId}/`));
      expect(others).toEqual([]);
      expect(key?.split('/')).toHaveLength(7);
      expect(Buffer.byteLength(key as string)).toBeLessThanOrEqual(1_024);
      expect(key).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]|\/\.\.?(\/|$)/u);
      expect((await vault.s3.read(BUCKET, key as string)).equals(bytes)).toBe(true);
    }
  });

  it('a download has the name that the file had, save for what no name on a disk may hold', async () => {
    const seen = new Set<string>();
    await vault.slack.as('anna').command('general', '/vault list');
    const { ts } = await vault.slack.as('anna').waitFor(() => answers().find(drawn('file_menu')));
    const page = () => answers().find((answer) => answer.ts === ts);
    while (seen.size < files.size) {
      const list = page() as NonNullable<ReturnType<typeof page>>;
      const shown = list.blocks?.flatMap((block) => {
        const fileId = /"action_id":"download_file".*"value":"(F\w+)"/.exec(JSON.stringify(block))?.[1];
        return fileId === undefined ? [] : [{ fileId, block_id: (block as { block_id: string }).block_id }];
      });
      for (const { fileId, block_id } of shown ?? []) {
        const anna = vault.slack.as('anna');
        await anna.action(list, 'download_file', { block_id, payload: { value: fileId } });
        const link = await anna.waitFor(() => {
          const view = anna.modal();
          return view && JSON.stringify(view.blocks).includes('X-Amz') && view;
        });
        await expectDownload(fileId, JSON.stringify(link.blocks));
        await anna.close(link.id);
        seen.add(fileId);
      }
      if (!drawn('list_older')(list)) break;
      await vault.slack.as('anna').action(list, 'list_older');
      const before = JSON.stringify(list.blocks);
      await vault.slack.as('anna').waitFor(() => JSON.stringify(page()?.blocks) !== before);
    }
    expect(seen).toEqual(new Set(files.keys()));
  });

  const drawn = (what: string) => (answer: { blocks?: unknown }) =>
    JSON.stringify(answer.blocks).includes(what);

  async function expectDownload(fileId: string, answer: string): Promise<void> {
    const { name, bytes } = files.get(fileId) as { name: string | null; bytes: Buffer };
    const download = await fetch(/https?:[^"]+X-Amz-Signature[^"]+/.exec(answer)?.[0] as string);
    expect(Buffer.from(await download.arrayBuffer()).equals(bytes)).toBe(true);
    const told = nameIn(download.headers.get('content-disposition') ?? '');
    const exact = (name ?? '').toWellFormed();
    if (isHarmless(exact)) expect(told).toBe(exact);
    expect(told).not.toMatch(/[\p{Cc}/\\\u202a-\u202e]/u);
    expect(Buffer.byteLength(told)).toBeLessThanOrEqual(255);
    expect(told).not.toBe('');
  }
});

function nameIn(header: string): string {
  const exact = /filename\*=UTF-8''([^;]+)/.exec(header)?.[1];
  return exact ? decodeURIComponent(exact) : (/filename="([^"]*)"/.exec(header)?.[1] ?? '');
}

/** A name that every disk takes as it is. */
function isHarmless(name: string): boolean {
  return (
    name !== '' &&
    !/^\.+$/.test(name) &&
    !/[\p{Cc}/\\\u202a-\u202e\u2066-\u2069]/u.test(name) &&
    Buffer.byteLength(name) <= 255
  );
}
