import { type TestVault, until } from '../../test/helpers/vault.ts';

/** How often each thing was asked for, by its name. */
export type Tally = Record<string, number>;

/** What something took of the bucket and of Slack. */
export interface Counted {
  /** S3's operations without those on the journal, which is written by the clock, whatever happens. */
  s3: Tally;
  /** Methods of Slack's Web API. */
  slack: Tally;
  /** Deliveries of events, first attempts. */
  events: Tally;
}

/** Counts what comes to the sandbox' Slack and S3. */
export interface Counter {
  /** What `act` took, and whatever followed from it until nothing came for `quietMs`. */
  counted(act: () => Promise<unknown>, quietMs?: number): Promise<Counted>;
  /** Waits until nothing has come for `ms`; the journal does not count. */
  quiet(ms?: number): Promise<void>;
}

/** What follows a confirmation follows within this: App Homes gather changes for half a second. */
const CONFIRMED_MS = 700;
/** Between two messages to one channel, edits among them, is a second. */
export const EDITED_MS = 1_500;
/** Only what is sent at once follows an answer. */
export const ANSWERED_MS = 300;

/** Whether a request was for the journal. */
export const isJournal = ({ key }: { key: string }): boolean => key.includes('.ria-vault/journal/');

/** Counts from the logs that the sandbox keeps. */
export function counterOf({ slack, s3 }: TestVault): Counter {
  const came = () =>
    slack.calls.list.length +
    slack.deliveries.list.length +
    s3.requests.list.filter((request) => !isJournal(request)).length;

  async function quiet(ms = CONFIRMED_MS): Promise<void> {
    let last = came();
    let since = performance.now();
    await until('quiet', async () => {
      await slack.deliveries.settled();
      if (came() !== last) [last, since] = [came(), performance.now()];
      return performance.now() - since > ms;
    });
  }

  return {
    quiet,
    async counted(act, quietMs) {
      const requests = s3.requests.list.length;
      const calls = slack.calls.list.length;
      const events = slack.deliveries.list.length;
      await act();
      await quiet(quietMs);
      const asked = s3.requests.list.slice(requests);
      return {
        s3: tally(asked.filter((one) => !isJournal(one)).map(({ operation }) => operation)),
        slack: tally(slack.calls.list.slice(calls).map(({ method }) => method)),
        events: tally(slack.deliveries.list.slice(events).map(({ type }) => type)),
      };
    },
  };
}

/** How often each name is there, in the order of the names. */
export function tally(names: readonly string[]): Tally {
  const sums: Tally = {};
  for (const name of [...names].sort()) sums[name] = (sums[name] ?? 0) + 1;
  return sums;
}

/** All of a tally, or those of its names that `which` takes. */
export function total(sums: Tally, which: (name: string) => boolean = () => true): number {
  return Object.entries(sums).reduce((sum, [name, count]) => sum + (which(name) ? count : 0), 0);
}
