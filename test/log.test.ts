import { describe, expect, it } from 'vitest';
import { createLog, scrub } from '../src/log.ts';

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

  it('survives a value that contains itself', () => {
    const loop: Record<string, unknown> = {};
    loop.self = loop;
    expect(JSON.stringify(scrub(loop))).toContain('[deep]');
  });
});
