import { type ChildProcess, fork, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** A host of the benchmark, in a process of its own. */
export interface Host {
  /** Without a slash at its end. */
  url: string;
  close(): void;
}

/** What came to the bucket since the last `forget`. */
export interface Counts {
  /** By S3's name of the operation. */
  requests: Record<string, number>;
  bytes: number;
  /** When the first byte of a body came, in ns of the machine's steady clock, by the path of its address. */
  firstBytes: Record<string, string>;
  /** Objects that were sent although their key was taken. */
  again: number;
}

export interface Sink extends Host {
  counts(): Promise<Counts>;
  /** The paths of what is stored now. */
  objects(): Promise<string[]>;
  forget(): Promise<void>;
}

/** A key and a certificate for 127.0.0.1 that only programs that are told to will trust. */
export interface Certificate {
  keyFile: string;
  /** What `NODE_EXTRA_CA_CERTS` is to name in the processes that talk to the hosts. */
  certFile: string;
  remove(): void;
}

/** Makes a certificate with the `openssl` command; null without that command. */
export function makeCertificate(): Certificate | null {
  const folder = mkdtempSync(join(tmpdir(), 'ria-vault-bench-tls-'));
  const [keyFile, certFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const { status } = spawnSync('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
    ...['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'],
    ...['-keyout', keyFile, '-out', certFile],
  ]);
  if (status === 0) return { keyFile, certFile, remove };
  remove();
  return null;
}

/** Starts the host that files are downloaded from; see `source.ts` for its addresses. */
export async function startSource(certificate?: Certificate | null): Promise<Host> {
  return (await startHost('source.ts', certificate)).host;
}

/** Starts the host that stands for the bucket; with a rate, each request to it is that slow (bytes a second). */
export async function startSink(o: { certificate?: Certificate | null; rate?: number } = {}): Promise<Sink> {
  const env: Record<string, string> = o.rate === undefined ? {} : { BENCH_RATE: String(o.rate) };
  const { host, ask } = await startHost('sink.ts', o.certificate, env);
  return {
    ...host,
    counts: async () => (await ask('counts')) as Counts,
    objects: async () => (await ask('objects')) as string[],
    forget: async () => void (await ask('forget')),
  };
}

/** Starts a host, whose file calls `serve`; relative to this folder. */
export async function startHost(
  file: string,
  certificate: Certificate | null = null,
  env: Record<string, string> = {},
): Promise<{ host: Host; ask: Ask }> {
  const tls = certificate && { BENCH_KEY: certificate.keyFile, BENCH_CERT: certificate.certFile };
  const child = fork(resolve(import.meta.dirname, file), { env: { ...process.env, ...env, ...tls } });
  const { url } = (await message(child)) as { url: string };
  return { host: { url, close: () => child.kill() }, ask: questionsTo(child) };
}

/** Asks a question of a child process, which `answerParent` there answers. */
export type Ask = (question: string, given?: unknown) => Promise<unknown>;

/** One question at a time, so that no answer is mistaken for another. Rejects when the process ends. */
export function questionsTo(child: ChildProcess): Ask {
  let last: Promise<unknown> = Promise.resolve();
  return (question, given) => {
    last = last.then(async () => {
      child.send({ ask: question, given });
      return ((await message(child)) as { answer: unknown }).answer;
    });
    return last;
  };
}

function message(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const onExit = () => reject(new Error('a host of the benchmark ended before its time'));
    child.once('exit', onExit);
    child.once('message', (told) => {
      child.off('exit', onExit);
      resolve(told);
    });
  });
}
