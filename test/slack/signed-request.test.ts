import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { refusalByHeaders } from '../../src/slack/signed-request.ts';

/** In seconds, as Slack's header has it. */
const NOW = 1_795_948_800;
const REFUSED = { status: 401, code: 'bad_signature' };

const judge = (time: string, nowMs = NOW * 1_000) =>
  refusalByHeaders(
    { 'x-slack-request-timestamp': time, 'x-slack-signature': `v0=${'a'.repeat(64)}`, 'content-length': '2' },
    nowMs,
  );

describe('the time that a request was signed at', () => {
  it.each([
    ['now', 0],
    ['a second ago', -1],
    ['four minutes ago', -240],
    ['five minutes ago', -300],
    ['in a second', 1],
    ['in four minutes', 240],
    ['in five minutes', 300],
  ])('may be %s: clocks differ', (_, seconds) => expect(judge(String(NOW + seconds))).toBeUndefined());

  it.each([
    ['five minutes and a second ago', -301],
    ['six minutes ago', -360],
    ['an hour ago', -3_600],
    ['in five minutes and a second', 301],
    ['in six minutes', 360],
    ['in an hour', 3_600],
    ['in a year', 31_536_000],
  ])('is refused %s', (_, seconds) => expect(judge(String(NOW + seconds))).toEqual(REFUSED));

  it('may be off by just as much either way, to the millisecond', () => {
    fc.assert(
      fc.property(fc.integer({ min: -700_000, max: 700_000 }), (ms) => {
        const refused = judge(String(NOW), NOW * 1_000 - ms) !== undefined;
        expect(refused).toBe(Math.abs(ms) > 300_000);
      }),
    );
  });

  it.each([
    ['nothing', ''],
    ['a space', ' '],
    ['a word', 'now'],
    ['not a number', 'NaN'],
    ['no end', 'Infinity'],
    ['a fraction', `${NOW}.5`],
    ['a fraction of nothing', `${NOW}.0`],
    ['a fraction with a comma', `${NOW},0`],
    ['an exponent', '1.7959488e9'],
    ['a whole exponent', '17959488e2'],
    ['a plus', `+${NOW}`],
    ['a minus', `-${NOW}`],
    ['hexadecimal', `0x${NOW.toString(16)}`],
    ['octal', `0o${NOW.toString(8)}`],
    ['binary', `0b${NOW.toString(2)}`],
    ['a zero before it', `0${NOW}`],
    ['a space before it', ` ${NOW}`],
    ['a space after it', `${NOW} `],
    ['a tab', `${NOW}\t`],
    ['a new line', `${NOW}\n`],
    ['two times', `${NOW}, ${NOW}`],
    ['underscores', '1_795_948_800'],
    ['a big whole number', `${NOW}n`],
    ['milliseconds', String(NOW * 1_000)],
    [
      'digits of another script',
      [...String(NOW)].map((d) => String.fromCharCode(0x660 + Number(d))).join(''),
    ],
    ['more digits than any time has', '9'.repeat(400)],
    ['zero', '0'],
  ])('is refused as %s', (_, time) => expect(judge(time)).toEqual(REFUSED));

  it('is whole seconds and nothing else, whatever was sent', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.double().map(String), fc.integer().map(String)), (time) => {
        if (judge(time) === undefined) expect(time).toBe(String(Number(time)));
      }),
    );
  });

  it('has to be there, and a signature with it', () => {
    const signature = `v0=${'a'.repeat(64)}`;
    const nowMs = NOW * 1_000;
    expect(refusalByHeaders({ 'x-slack-signature': signature }, nowMs)).toEqual(REFUSED);
    expect(refusalByHeaders({ 'x-slack-request-timestamp': String(NOW) }, nowMs)).toEqual(REFUSED);
    for (const broken of [
      '',
      'v0=',
      signature.toUpperCase(),
      `v1=${'a'.repeat(64)}`,
      `${signature}a`,
      ` ${signature}`,
    ])
      expect(
        refusalByHeaders({ 'x-slack-request-timestamp': String(NOW), 'x-slack-signature': broken }, nowMs),
      ).toEqual(REFUSED);
  });
});
