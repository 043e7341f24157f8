import { resolve } from 'node:path';
import { type DialectName, isDialect, STORE_NAMES } from './s3/dialects/index.ts';

export interface SandboxOptions {
  /** The port to try first for the page. */
  port: number;
  /** Everything that the sandbox keeps, as an absolute path. */
  dir: string;
  /** How the bot gets events: over its own sockets, or by signed requests to its port. */
  mode: 'socket' | 'http';
  /** An organisation of two workspaces instead of one workspace. */
  org?: boolean;
  /** What the sandbox's S3 speaks; none for AWS. */
  dialects?: DialectName[];
}

/** A mistake in the sandbox's own variables; `message` is one sentence that says what to do. */
export class SandboxOptionError extends Error {
  readonly code = 'bad_sandbox_option';
}

const DEFAULT_PORT = 3100;

/** Reads `SANDBOX_PORT`, `SANDBOX_DIR`, `SANDBOX_MODE`, `SANDBOX_ORG` and `SANDBOX_STORE`. Throws `SandboxOptionError`. */
export function sandboxOptions(env: NodeJS.ProcessEnv): SandboxOptions {
  const port = env.SANDBOX_PORT ? Number(env.SANDBOX_PORT) : DEFAULT_PORT;
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new SandboxOptionError('SANDBOX_PORT must be a port number, for example 3100.');
  }
  const mode = env.SANDBOX_MODE || 'socket';
  if (mode !== 'socket' && mode !== 'http') {
    throw new SandboxOptionError('SANDBOX_MODE must be socket (the default) or http.');
  }
  const dialects = (env.SANDBOX_STORE ?? '').split(',').filter(Boolean);
  if (!dialects.every(isDialect)) {
    throw new SandboxOptionError(`SANDBOX_STORE must be one of ${STORE_NAMES.join(', ')}.`);
  }
  const org = env.SANDBOX_ORG ?? '';
  if (!['', '0', '1'].includes(org)) {
    throw new SandboxOptionError('SANDBOX_ORG must be 1 (an organisation of two workspaces) or empty.');
  }
  const folder = org === '1' ? './data/sandbox-org' : './data/sandbox';
  return {
    port,
    dir: resolve(env.SANDBOX_DIR || folder),
    mode,
    dialects,
    ...(org === '1' ? { org: true } : {}),
  };
}
