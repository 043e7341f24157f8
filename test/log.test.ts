import { describe, expect, it, vi } from 'vitest';
import { inDelivery } from '../src/delivery-id.ts';
import { createLog, noteAnswer, scrub } from '../src/log.ts';

function logged(write: (log: ReturnType<typeof createLog>) => void): string {
  const lines: string[] = [];
  write(createLog('debug', { write: (line) => void lines.push(line) }));
  return lines.join('');
}

const SECRETS = {
  token: 'xoxb-123-abc',
  app: 'xapp-1-A-2-ff',
  file: 'https://files.slack.com/files-pri/T1-F1/download/a.pdf',
  hook: 'https://hooks.slack.com/actions/T1/2/abc',
  signed: 'https://b.s3.amazonaws.com/k?X-Amz-Signature=abc',
  socket: 'wss://wss-primary.slack.com/link/?ticket=abc',
  database: 'postgres://vault:hunter2@db:5432/vault',
};

describe('the log', () => {
  it.each(Object.entries(SECRETS))('never holds a %s, wherever it is', (_, secret) => {
    const inside = new Error(`failed on ${secret}`, { cause: new Error(`because of ${secret}`) });
    const out = logged((log) => {
      log.info(`text ${secret}`);
      log.info({ deep: { list: [secret] } }, 'object');
      log.error({ err: inside }, 'error');
    });
    expect(out).not.toContain(secret);
    expect(out).not.toContain('hunter2');
    expect(out.trim().split('\n')).toHaveLength(3);
  });

  it('never holds what is called a secret, whatever it looks like', () => {
    const out = logged((log) =>
      log.info(
        {
          response_url: 'http://127.0.0.1:1/response/abc',
          url_private_download: 'http://127.0.0.1/x',
          trigger_id: '1.2.3',
        },
        'x',
      ),
    );
    expect(out).not.toMatch(/127\.0\.0\.1|1\.2\.3/);
  });

  it('keeps codes, messages and causes, one JSON object a line', () => {
    const error = Object.assign(new Error('no room'), { code: 'bucket_full' });
    const line = JSON.parse(
      logged((log) => log.warn({ code: error.code, err: error, file: 'F1' }, 'capture failed')),
    );
    expect(line).toMatchObject({ level: 'warn', code: 'bucket_full', file: 'F1', msg: 'capture failed' });
    expect(line.err).toMatchObject({ message: 'no room', code: 'bucket_full' });
  });

  it('names the delivery that is worked on, in every line that follows from it', async () => {
    const lines: string[] = [];
    const log = createLog('info', { write: (line) => void lines.push(line) });
    await inDelivery('Ev1', async () => {
      await Promise.resolve();
      log.child({ part: 'x' }).info('inside');
    });
    log.info('outside');
    expect(lines.map((line) => JSON.parse(line).delivery)).toEqual(['Ev1', undefined]);
  });

  it('tells moments', () => {
    const out = logged((log) => log.info({ retryAt: new Date(0), never: new Date(Number.NaN) }, 'later'));
    expect(JSON.parse(out)).toMatchObject({ retryAt: '1970-01-01T00:00:00.000Z', never: null });
  });

  it('survives a value that contains itself', () => {
    const loop: Record<string, unknown> = {};
    loop.self = loop;
    expect(JSON.stringify(scrub(loop))).toContain('[deep]');
  });
});

describe('while the database is away, the log', () => {
  const down = () =>
    Object.assign(new Error('No PostgreSQL answers at db:5432/vault.'), { code: 'catalog_unreachable' });

  function during(run: (log: ReturnType<typeof createLog>) => void): Array<Record<string, unknown>> {
    const lines: string[] = [];
    vi.useFakeTimers();
    try {
      run(createLog('info', { write: (line) => void lines.push(line) }));
    } finally {
      vi.useRealTimers();
    }
    return lines.map((line) => JSON.parse(line));
  }

  it('has a line at once, and then one a minute that counts the others, whatever meets it', () => {
    const lines = during((log) => {
      const jobs = ['capture', 'sweep', 'purge'].map((worker) => log.child({ worker }));
      for (let second = 0; second < 200; second++) {
        for (const job of jobs) {
          const err = down();
          job.error({ code: err.code, err }, 'cannot look for due rows; trying again');
        }
        log.warn({ code: 'catalog_unreachable' }, 'cannot count the bots');
        vi.advanceTimersByTime(1_000);
      }
    });
    expect(lines.map(({ times }) => times)).toEqual([undefined, 239, 240, 240]);
    expect(lines[0]).toMatchObject({ worker: 'capture', msg: 'cannot look for due rows; trying again' });
    expect(lines[1]).toMatchObject({ code: 'catalog_unreachable', msg: 'cannot count the bots' });
  });

  it('says so again at once after a quiet minute', () => {
    const lines = during((log) => {
      log.warn({ code: '57P03' }, 'first');
      vi.advanceTimersByTime(61_000);
      log.warn({ code: '57P03' }, 'second');
      vi.advanceTimersByTime(600_000);
    });
    expect(lines.map(({ msg }) => msg)).toEqual(['first', 'second']);
  });

  it.each([
    ['57P01', '57P01', 1],
    ['53100', '53100', 1],
    ['ERR_SQLITE_ERROR', 'ERR_SQLITE_ERROR', 1],
    // A right that was taken away is met by each job in its own way.
    ['42501', '42501', 2],
  ])('takes lines with the code %s for one trouble', (code, again, written) => {
    const lines = during((log) => {
      for (let i = 0; i < 5; i++) {
        log.error({ code }, 'cannot look for due rows; trying again');
        log.warn({ code: again }, 'cannot count the bots');
      }
    });
    expect(lines).toHaveLength(written);
  });

  it.each([
    ['bucket', 'bucket_unreachable'],
    ['slack', 'http_503'],
    ['slack', 'token_revoked'],
  ] as const)(
    'has one line a minute while the %s is away, however much waits, and one when it is back: %s',
    (part, code) => {
      const lines = during((log) => {
        noteAnswer(log, part);
        for (let second = 0; second < 120; second++) {
          for (let file = 0; file < 100; file++)
            log.child({ worker: 'capture' }).warn({ code, file: `F${second}-${file}` }, 'capture failed');
          // Other requests may still be answered.
          noteAnswer(log, part);
          vi.advanceTimersByTime(1_000);
        }
        vi.advanceTimersByTime(15_000);
        noteAnswer(log, part === 'slack' ? 'bucket' : 'slack');
        noteAnswer(log, part);
        noteAnswer(log, part);
        vi.advanceTimersByTime(600_000);
        log.warn({ code }, 'again');
      });
      expect(lines.map(({ msg }) => msg)).toEqual([
        ...['capture failed', 'capture failed', 'capture failed'],
        ...[`${part === 'slack' ? 'Slack' : 'the bucket'} works again`, 'again'],
      ]);
      expect(lines.map(({ times }) => times)).toEqual([undefined, 5_999, 6_000, 12_000, undefined]);
      expect(lines[3]).toMatchObject({ level: 'info', part, seconds: 119 });
    },
  );

  it('still has every line about anything else, and the last one', () => {
    const lines = during((log) => {
      for (let i = 0; i < 5; i++) {
        log.error({ code: 'short_body', file: `F${i}` }, 'capture failed');
        log.info({ code: 'catalog_unreachable' }, 'no trouble');
        log.warn('words alone');
        log.warn({ code: 'EPIPE' }, 'a connection');
        log.fatal({ code: 'catalog_unreachable' }, 'cannot start');
      }
    });
    expect(lines).toHaveLength(25);
  });
});
