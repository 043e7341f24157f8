import { randomBytes } from 'node:crypto';
import { chmod, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What the bot signs in with. Made up, and good for this sandbox only. */
export interface Tokens {
  botToken: string;
  appToken: string;
  signingSecret: string;
  s3AccessKeyId: string;
  s3SecretAccessKey: string;
}

/** The tokens of the sandbox in `dir`, the same at every start. */
export async function sandboxTokens(dir: string): Promise<Tokens> {
  const file = join(dir, 'tokens.json');
  const kept = await readFile(file, 'utf8').catch(() => null);
  if (kept !== null) return JSON.parse(kept) as Tokens;
  const word = (bytes: number) => randomBytes(bytes).toString('hex');
  const tokens: Tokens = {
    botToken: `xoxb-sandbox-${word(12)}`,
    appToken: `xapp-sandbox-${word(12)}`,
    signingSecret: `sandbox-secret-${word(16)}`,
    s3AccessKeyId: `SANDBOX${word(6).toUpperCase()}`,
    s3SecretAccessKey: `sandbox-secret-${word(16)}`,
  };
  await writeFile(`${file}.new`, `${JSON.stringify(tokens, null, 2)}\n`);
  await chmod(`${file}.new`, 0o600);
  await rename(`${file}.new`, file);
  return tokens;
}
