import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHECKS } from '../../src/rehearse/checks/index.ts';
import { lineOf } from '../../src/rehearse/report/told.ts';
import { expectedAt } from '../../src/rehearse/shapes/expected.ts';
import { BUCKET, type Surroundings, startSurroundings } from '../../tools/rehearsal/sandbox.ts';
import { until } from '../helpers/vault.ts';

const ENTRY = resolve(import.meta.dirname, '../../src/cli/rehearse.ts');

describe('npm run rehearse', () => {
  let there: Surroundings;
  let dir: string;
  beforeAll(async () => {
    there = await startSurroundings({ s3: { versioning: true } });
    dir = mkdtempSync(join(tmpdir(), 'rehearse-'));
  });
  afterAll(async () => {
    await there.close();
    rmSync(dir, { recursive: true, force: true });
  });

  function launch(...args: string[]) {
    const report = join(dir, 'report.md');
    const child = spawn(process.execPath, [ENTRY, `--report=${report}`, ...args], {
      env: { PATH: process.env.PATH, ...there.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const said = { out: '', problem: '' };
    child.stdout.on('data', (text) => {
      said.out += text;
    });
    child.stderr.on('data', (text) => {
      said.problem += text;
    });
    const ended = once(child, 'close').then(([code]) => code as number | null);
    return { child, said, ended, report };
  }
  const run = async (...args: string[]) => {
    const { ended, said, report } = launch(...args);
    return { code: await ended, ...said, report };
  };
  const channel = () => `--channel=${there.slack.workspace.channels.general}`;

  it('kills the real bot in the middle of a copy, and finds the file once and whole', async () => {
    // A line slow enough that the copy can be cut.
    there.s3.faults.add({
      operation: 'PutObject',
      key: /large/,
      times: 1,
      do: { bytesPerSecond: 4 * 1024 ** 2 },
    });
    const { outcomes, left } = await there.rehearse({
      checks: CHECKS.filter(({ id }) => id === 'bot.kill'),
      expected: expectedAt('aws') ?? {},
    });
    const [outcome] = outcomes;
    expect(outcome?.deviations.map(lineOf)).toEqual([]);
    expect(`${outcome?.state} ${outcome?.reason}`).toBe('as expected undefined');
    expect(left.filter((line) => !line.includes('person'))).toEqual([]);
    expect(await there.s3.list(BUCKET)).toEqual([]);
    const { botUserId } = there.slack.workspace;
    expect(
      there.slack
        .as('anna')
        .messages('general')
        .filter(({ user }) => user === botUserId),
    ).toEqual([]);
  });

  it('ends with 0 and a report when all is as expected', async () => {
    const { code, out, problem, report } = await run(
      channel(),
      '--yes',
      '--only=slack.,bucket.put,link.open',
    );
    expect(problem).toBe('');
    expect(out).toMatch(/^ok {3}slack\.auth {11}asks Slack who the bot is$/m);
    expect(out).toMatch(/9 as expected\./);
    for (const line of out.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80 + report.length);
    expect(readFileSync(report, 'utf8')).toMatch(
      /^# A rehearsal of RIA Vault\n\nRIA Vault \d.*\*\*9 as expected\.\*\*/s,
    );
    expect(code).toBe(0);
  });

  it('ends with 1 when something deviates, and names it', async () => {
    there.slack.faults.api('conversations.members', { webPage: true });
    const { code, out, report } = await run(channel(), '--yes', '--only=channel.members');
    there.slack.faults.clear();
    expect(out).toMatch(/^DIFF channel\.members/m);
    expect(out).toContain('channel.members  answer.body: text instead of object');
    expect(readFileSync(report, 'utf8')).toContain(
      '- **channel.members** `answer.body: text instead of object`',
    );
    expect(code).toBe(1);
  });

  it('ends with 2 and a sentence that says what to do when it cannot begin', async () => {
    const cases: Array<[string[], RegExp]> = [
      [['--yes'], /--channel must be the id of a test channel such as C012AB3CD/],
      [['--channel=#general'], /--channel must be the id/],
      [['--channel=C012AB3CD', '--store=floppy'], /--store must be one of aws, ceph/],
      [['--channel=C012AB3CD', '--only=nothing'], /there is no check whose name begins with "nothing"/],
      [['--channel=C012AB3CD', '--yes', '--report=/nowhere/r.md'], /report cannot be written .* \(ENOENT\)/],
      [['--channel=C012AB3CD', '--yes'], /the bot is not in the channel of --channel/],
      [['--channel=C012AB3CD'], /no terminal to ask at: say --yes/],
    ];
    const ends = await Promise.all(cases.map(([args]) => run(...args)));
    for (const [index, { code, out, problem }] of ends.entries()) {
      expect(problem.replaceAll('\n', ' ')).toMatch(cases[index]?.[1] as RegExp);
      expect(out).toBe('');
      expect(code).toBe(2);
    }
  });

  it('takes away what it made when it is interrupted', async () => {
    const { child, said, ended } = launch(channel(), '--yes', '--only=message.post,bucket.');
    await until('the first objects', () => said.out.includes('bucket.list'));
    child.kill('SIGINT');
    expect(await ended).toBe(2);
    expect(said.out).toContain('Stopping: taking away what was made');
    expect(said.out).not.toContain('What could not be taken away');
    expect(await there.s3.list(BUCKET)).toEqual([]);
    const { botUserId } = there.slack.workspace;
    expect(
      there.slack
        .as('anna')
        .messages('general')
        .filter(({ user }) => user === botUserId),
    ).toEqual([]);
  });
});
