import { expect, it } from 'vitest';
import { reading } from '../../src/doctor/reading.ts';
import { runChecks } from '../../src/doctor/run.ts';
import { readSituation, THIS_MACHINE } from '../../src/doctor/situation.ts';

const MB = 1024 ** 2;
const SET = { SLACK_BOT_TOKEN: 'xoxb-x', SLACK_APP_TOKEN: 'xapp-x', VAULT_BUCKET: 'b' };
const ROOM = { memory: 2_000 * MB, limits: true, closesNetwork: true, tryOut: async () => {} };

/** The doctor's lines about reading, on such a machine. */
function look(room: Partial<typeof ROOM> = {}, env: Record<string, string> = {}, ocr: string[] = []) {
  const situation = readSituation({ ...SET, ...env }, '/', {
    ...THIS_MACHINE,
    nodeVersion: '24.22.3',
    reading: { ...ROOM, ...room },
  });
  // As if Tesseract were installed.
  situation.config.reading = { ...situation.config.reading, ocr };
  return runChecks([reading], situation);
}

it('files can be read here', async () => {
  expect(await look()).toEqual([
    { id: 'reading', state: 'ok', says: expect.stringContaining('there are 2,000 MB of memory') },
  ]);
});

it.each([
  ['too little memory', { memory: 720 * MB }, /^Files are not read: the bot has 720 MB .* needs 768\. Give/],
  ['no shell to limit it', { limits: false }, /^Files are not read: .* VAULT_TEXT=words\.$/],
  [
    'a process that cannot be started',
    { tryOut: async () => Promise.reject(Object.assign(new Error('no'), { code: 'EAGAIN' })) },
    /^Files are not read: a reading process cannot be started \(EAGAIN\)/,
  ],
  ['an old Node', { closesNetwork: false }, /^Node 24\.22\.3 does not keep the reading process from/],
])('%s is a warning that says what to do', async (_, room, says) => {
  const [line, ...others] = await look(room);
  expect(line).toMatchObject({ id: 'reading', state: 'warn', says: expect.stringMatching(says) });
  expect(others).toEqual([]);
  expect(`${line?.says} ${line?.remedy ?? ''}`).toMatch(/Give it|Run the bot|Let the user|Use Node 25/);
});

it('too little memory for letters in pictures is said, and the rest is tried all the same', async () => {
  let tries = 0;
  const tryOut = async () => void tries++;
  const lines = await look({ memory: 768 * MB, tryOut }, {}, ['eng', 'deu']);
  expect(lines).toMatchObject([
    { state: 'warn', says: expect.stringMatching(/^Pictures and scans are not read.*VAULT_OCR needs 1024/) },
  ]);
  expect(tries).toBe(1);
});

it('where nothing is to be read, or nobody knows, nobody looks', async () => {
  for (const [name, value] of [
    ['VAULT_TEXT', 'words'],
    ['VAULT_TEXT', 'nonsense'],
    ['VAULT_OCR', 'English'],
  ] as const)
    expect((await look({ memory: 1 }, { [name]: value })).map(({ state }) => state)).toEqual(['skipped']);
});
