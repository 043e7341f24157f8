import type { S3Server } from './s3/server.ts';
import type { SandboxSlack } from './slack/server.ts';
import type { Trouble } from './trouble-types.ts';

/** For each file, each way. */
const SLOW_BYTES_PER_SECOND = 1_000_000;

export interface TroubleSwitches {
  state(): Trouble;
  /** Switches the named troubles, and leaves the rest as it is. */
  set(change: Partial<Trouble>): void;
}

/**
 * The page's switches. The page's own requests are not affected, so that it can keep showing what happens; only what it
 * reads over S3 fails with S3. Nothing is kept on disk: after a restart of the sandbox, everything works.
 */
export function createTrouble(slack: SandboxSlack, s3: S3Server): TroubleSwitches {
  const breaks: Record<keyof Trouble, () => Mend> = {
    s3Down: () => breakS3(s3),
    slackDown: () => breakSlack(slack),
    slowNetwork: slowDown(slack, s3),
    eventsLost: () => slack.faults.event('*', { kind: 'drop' }).remove,
  };
  const names = Object.keys(breaks) as Array<keyof Trouble>;
  const broken = new Map<keyof Trouble, Mend>();

  const turn = (name: keyof Trouble, on: boolean) => {
    if (on === broken.has(name)) return;
    broken.get(name)?.();
    if (on) broken.set(name, breaks[name]());
    else broken.delete(name);
  };
  return {
    state: () => Object.fromEntries(names.map((name) => [name, broken.has(name)])) as unknown as Trouble,
    set(change) {
      for (const name of names) turn(name, change[name] ?? broken.has(name));
      // If two faults match, the one added first strikes: slowness must not hide a later outage.
      if (broken.has('slowNetwork')) {
        turn('slowNetwork', false);
        turn('slowNetwork', true);
      }
    },
  };
}

/** Ends a trouble. */
type Mend = () => void;

function breakS3({ faults }: S3Server): Mend {
  faults.down = true;
  return () => {
    faults.down = false;
  };
}

function breakSlack(slack: SandboxSlack): Mend {
  const status = 503;
  const faults = [slack.faults.api('*', { status }), slack.faults.download('*', { kind: 'status', status })];
  // Without its address, a bot in HTTP mode is not reached either.
  const { requestUrl } = slack.app;
  slack.setRequestUrl(undefined);
  slack.cutSockets();
  return () => {
    for (const fault of faults) fault.remove();
    slack.setRequestUrl(requestUrl);
  };
}

function slowDown(slack: SandboxSlack, s3: S3Server): () => Mend {
  // One shared pace: slow transfers go on at full speed when the network has recovered.
  const pace = { kind: 'drip' as const, bytesPerSecond: SLOW_BYTES_PER_SECOND };
  return () => {
    pace.bytesPerSecond = SLOW_BYTES_PER_SECOND;
    const faults = [
      slack.faults.download('*', pace),
      s3.faults.add({ operation: 'PutObject', do: pace }),
      s3.faults.add({ operation: 'UploadPart', do: pace }),
    ];
    return () => {
      pace.bytesPerSecond = Number.POSITIVE_INFINITY;
      for (const fault of faults) fault.remove();
    };
  };
}
