/** The bot's drill gives way to the bot where the system lets it, and is done all the same where not. */
import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';

/** As under systemd's filter of system calls, which answers EPERM. */
const FORBIDDEN =
  `data:text/javascript,import os from 'node:os'; import { syncBuiltinESMExports } from 'node:module';
os.setPriority = () => { throw Object.assign(new Error('operation not permitted'), { code: 'EPERM' }); };
syncBuiltinESMExports();`.replaceAll('\n', ' ');

it('is done where its priority cannot be lowered', async () => {
  const drill = resolve(import.meta.dirname, '../../src/cli/drill.ts');
  const env = { PATH: process.env.PATH, VAULT_ENV_FILE: '', VAULT_BUCKET: 'Not A Bucket' };
  const said = await new Promise<string>((done) => {
    const child = execFile(process.execPath, ['--import', FORBIDDEN, drill, '--for-bot'], { env }, (_, out) =>
      done(out),
    );
    // While its standard input is open, somebody wants it.
    child.stdin?.write('');
  });
  // It came to its settings, and says what is wrong there.
  expect(JSON.parse(said)).toMatchObject({ problem: { message: expect.stringContaining('VAULT_BUCKET') } });
});
