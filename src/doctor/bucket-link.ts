import { connectionProblem } from '../connection-problem.ts';
import { errorCode } from '../errors.ts';
import { createFetch } from '../network/web.ts';
import { linkProblems } from '../storage/link-check.ts';
import { presignDownload } from '../storage/presign.ts';
import { check, type Line } from './check.ts';
import { bucketOf, TRIAL, trialKey } from './trial-object.ts';

const PATIENCE_MS = 6_000;

/** Makes a download link as people get it, and follows it from here. */
export const bucketLink = check('bucket.link', { needs: ['bucket.get'] }, async (situation, say) => {
  const bucket = bucketOf(situation);
  const { policy, proxies } = situation.config;
  const lines: Line[] = (await linkProblems(bucket, policy.linkMinutes)).map(({ code, message }) => {
    if (code === 'links_refused') return say.fail('refused', message);
    return say.warn(code === 'links_end_early' ? 'short' : 'away', message);
  });
  if (lines.length > 0) return lines;
  const object = { key: trialKey(bucket), name: 'doctor.txt', contentType: 'text/plain', expiresSeconds: 60 };
  const link = await presignDownload(bucket, object);
  const { host } = new URL(link);
  try {
    const answer = await createFetch(proxies)(link, { signal: AbortSignal.timeout(PATIENCE_MS) });
    const bytes = Buffer.from(await answer.arrayBuffer());
    if (answer.ok && TRIAL.equals(bytes))
      return say.ok(`A download link works, followed from here (${host}).`);
    return say.fail('refused', `A download link does not work: ${host} says ${answer.status}.`);
  } catch (error) {
    const problem = connectionProblem(error, {
      what: `The store at ${host}`,
      setting: 'VAULT_LINK_ENDPOINT',
    });
    const code = errorCode((error as { cause?: unknown }).cause ?? error);
    return say.warn(
      'away',
      problem?.sentence ?? `The address of download links, ${host}, is not reached from here (${code}).`,
    );
  }
});
