import type { Screen } from '../blocks/kit/elements.ts';
import { momentScreen } from '../blocks/moment.ts';
import { errorCode } from '../errors.ts';
import type { Log } from '../log.ts';
import { askingFor } from '../slack/urgency.ts';

/** After this wait, a person is told that the answer is on its way. */
const MOMENT_MS = 2_000;

/**
 * Does what a person asked for. Its questions to Slack go before background work. If there is no answer after two
 * seconds, `tell` says "one moment". `work` calls `answered` as soon as it has something to show.
 */
export async function forPerson<T>(
  { tell, log }: { tell: ((screen: Screen) => Promise<unknown>) | undefined; log: Log },
  work: (answered: () => void) => Promise<T>,
): Promise<T> {
  const sayMoment = () =>
    tell?.(momentScreen()).catch((error: unknown) =>
      log.warn({ code: errorCode(error), err: error }, 'cannot say that it takes a moment'),
    );
  const timer = setTimeout(() => askingFor('person', sayMoment), MOMENT_MS);
  const answered = () => clearTimeout(timer);
  try {
    return await askingFor('person', () => work(answered));
  } finally {
    answered();
  }
}
