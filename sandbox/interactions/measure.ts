import type { Page } from 'playwright-core';
import type { Sandbox } from '../sandbox.ts';
import { Hand } from './hand.ts';
import { JOBS, type Job } from './jobs.ts';
import { OFFICE, sharePast } from './stage.ts';

export interface Result {
  job: Job;
  took: number;
  /** Why it could not be done, in one line; null when it was. */
  problem: string | null;
}

/** Fills the sandbox with files, then does every job on its page, each as the person whose job it is. */
export async function count(sandbox: Sandbox, newPage: () => Promise<Page>): Promise<Result[]> {
  await sharePast(sandbox, OFFICE);
  const results: Result[] = [];
  const hands = new Map<string, Hand>();
  for (const job of JOBS) {
    const hand = hands.get(job.who) ?? new Hand(await pageOf(sandbox, job.who, newPage));
    hands.set(job.who, hand);
    let problem: string | null = null;
    try {
      await hand.rest();
      await job.before?.(hand);
      hand.begin();
      await job.does(hand);
    } catch (error) {
      problem = (error as Error).message.split('\n').slice(0, 3).join(' ');
    }
    results.push({ job, took: hand.count, problem });
  }
  return results;
}

/** The page as this person sees it, in #general. */
export async function pageOf(
  { url, slack }: Sandbox,
  who: string,
  newPage: () => Promise<Page>,
): Promise<Page> {
  const page = await newPage();
  page.setDefaultTimeout(15_000);
  await page.goto(`${url}/#/${who}/${slack.workspace.channels.general}`);
  await page.getByLabel('Message #general').waitFor();
  // On a phone it is in the folded list of channels.
  await page.getByLabel('connected', { exact: true }).waitFor({ state: 'attached' });
  return page;
}
