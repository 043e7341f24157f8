import { type ChildProcess, fork, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

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
}

export interface Sink extends Host {
  counts(): Promise<Counts>;
  forget(): Promise<void>;
}

/** A key and a certificate for 127.0.0.1 that nobody trusts but who is told to. */
export interface Certificate {
  keyFile: string;
  /** What `NODE_EXTRA_CA_CERTS` is to name in the processes that talk to the hosts. */
  certFile: string;
  remove(): void;
}

/** Makes a certificate with the `openssl` command; null where there is none. */
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
  return (await start('source.ts', certificate)).host;
}

/** Starts the host that stands for the bucket; with a rate, each request to it is that slow (bytes a second). */
export async function startSink(o: { certificate?: Certificate | null; rate?: number } = {}): Promise<Sink> {
  const env: Record<string, string> = o.rate === undefined ? {} : { BENCH_RATE: String(o.rate) };
  const { host, ask } = await start('sink.ts', o.certificate, env);
  return {
    ...host,
    counts: async () => (await ask('counts')) as Counts,
    forget: async () => void (await ask('forget')),
  };
}

async function start(file: string, certificate: Certificate | null = null, env: Record<string, string> = {}) {
  const tls = certificate && { BENCH_KEY: certificate.keyFile, BENCH_CERT: certificate.certFile };
  const child = fork(join(import.meta.dirname, file), { env: { ...process.env, ...env, ...tls } });
  const { url } = (await message(child)) as { url: string };
  const host: Host = { url, close: () => child.kill() };
  let last: Promise<unknown> = Promise.resolve();
  /** One question at a time, so that no answer is taken for another's. */
  const ask = (question: string): Promise<unknown> => {
    last = last.then(async () => {
      child.send({ ask: question });
      return ((await message(child)) as { answer: unknown }).answer;
    });
    return last;
  };
  return { host, ask };
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
