import { DAY_MS } from '../time.ts';
import { check } from './check.ts';

const SILENT_MS = 7 * DAY_MS;
const UNKNOWN =
  'Which events the app is subscribed to, Slack tells no bot token: compare “Event Subscriptions” with manifest.yml.';

/** Whether events really arrive, as far as it can be known without sharing something. */
export const slackEvents = check('slack.events', { needs: ['database'] }, ({ found }, say) => {
  const { lastShareAt } = found.database ?? {};
  if (lastShareAt === undefined)
    return say.skip(`No file has been seen yet, so nobody knows whether events arrive. ${UNKNOWN}`);
  const ago = Date.now() - lastShareAt;
  const when = new Date(lastShareAt).toISOString();
  return ago < SILENT_MS
    ? say.ok(`The newest file that the vault knows was shared at ${when}. ${UNKNOWN}`)
    : say.warn(
        'silent',
        `The newest file that the vault knows was shared at ${when}, more than a week ago. Either nobody shared one, or events do not arrive. ${UNKNOWN}`,
      );
});
