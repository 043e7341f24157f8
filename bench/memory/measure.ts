import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { Sink } from '../hosts/start.ts';
import type { Job } from './subject.ts';
import type { Memory } from './watch.ts';

/** What was seen of a process at work. */
export interface Watched {
  /** After the warm-up, garbage collected. */
  before: Memory;
  /** Each the highest that was seen; looked at every 50 ms. */
  peak: Memory;
  /** At the end, or where it was cut off, garbage collected. */
  held: Memory;
  /** False when it was cut off. */
  isComplete: boolean;
  ms: number;
  /** Files that were in the bucket by then, and those of which the bucket had seen a byte. */
  stored: number;
  begun: number;
  /** The most files in hand at one moment. */
  mostInHand: number;
  /** Bytes that the bucket had got by then. */
  bytes: number;
  requests: Record<string, number>;
}

/** Watches one way at work in a process of its own, which ends with this, wherever its work is then. */
export async function watched(job: Job, sink: Sink): Promise<Watched> {
  const child = fork(join(import.meta.dirname, 'run-subject.ts'), [JSON.stringify(job)], {
    execArgv: ['--expose-gc', '--disable-warning=ExperimentalWarning'],
    env: {
      ...process.env,
      AWS_ACCESS_KEY_ID: 'BENCH',
      AWS_SECRET_ACCESS_KEY: 'bench',
      AWS_REGION: 'us-east-1',
    },
  });
  try {
    await message(child);
    await sink.forget();
    child.send('go');
    const seen = (await message(child)) as Omit<Watched, 'begun' | 'bytes' | 'requests'>;
    const { bytes, requests, firstBytes } = await sink.counts();
    return { ...seen, begun: Object.keys(firstBytes).length, bytes, requests };
  } finally {
    child.kill('SIGKILL');
  }
}

function message(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const onExit = () => reject(new Error('the process that is watched ended before its time'));
    child.once('exit', onExit);
    child.once('message', (told) => {
      child.off('exit', onExit);
      resolve(told);
    });
  });
}
