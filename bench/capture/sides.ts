import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { Certificate } from '../hosts/start.ts';
import type { Batch, Place, Took } from './side.ts';

/** A side in a process of its own, which waits between its batches and costs nothing then. */
export interface RunningSide {
  copy(batch: Batch): Promise<Took>;
  close(): void;
}

/** Starts the process of the side in `sides/<name>.ts`, ready to copy to `place`. */
export async function startSide(
  name: string,
  place: Place,
  certificate: Certificate | null = null,
): Promise<RunningSide> {
  const child = fork(join(import.meta.dirname, 'run-side.ts'), [name, place.endpoint, place.bucket], {
    execArgv: ['--expose-gc', ...(process.env.BENCH_PROFILE === name ? ['--cpu-prof'] : [])],
    env: {
      ...process.env,
      AWS_ACCESS_KEY_ID: 'BENCH',
      AWS_SECRET_ACCESS_KEY: 'bench',
      AWS_REGION: 'us-east-1',
      ...(certificate && { NODE_EXTRA_CA_CERTS: certificate.certFile }),
    },
  });
  await answer(child, name);
  return {
    copy(batch) {
      child.send(batch);
      return answer(child, name) as Promise<Took>;
    },
    close: () => child.disconnect(),
  };
}

function answer(child: ChildProcess, name: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const onExit = () => reject(new Error(`the side "${name}" ended before its time`));
    child.once('exit', onExit);
    child.once('message', (told) => {
      child.off('exit', onExit);
      resolve(told);
    });
  });
}
