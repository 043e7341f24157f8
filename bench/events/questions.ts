import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { moment } from '../../src/blocks/text/wording.ts';
import { signed } from '../../test/helpers/raw-http.ts';
import { TEAM } from './message.ts';

/** The result of what a person typed. Times in ms. */
export interface Answered {
  /** From the command to the answer; null when none came in time. */
  ms: number | null;
  /** The answer as it was sent. */
  text: string;
  /** Whether they were told "one moment" before. */
  told: boolean;
}

export interface Asker {
  /** Types a command as somebody, in a channel. */
  ask(who: { userId: string; channelId: string; text: string }): Promise<Answered>;
  close(): void;
}

const ANSWER_MS = 30_000;

/** Types commands over signed HTTP as Slack does, and takes the answers at addresses of its own. */
export async function startAsker(botUrl: string, signingSecret: string): Promise<Asker> {
  const waiting = new Map<string, (text: string) => void>();
  const server = createServer(async (request, response) => {
    const answer = await json(request);
    response.end('ok');
    waiting.get(request.url ?? '')?.(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  let asked = 0;
  return {
    async ask({ userId, channelId, text }) {
      const path = `/answers/${++asked}`;
      const began = performance.now();
      const answered = new Promise<Answered>((resolve) => {
        let told = false;
        const late = setTimeout(() => resolve({ ms: null, text: '', told }), ANSWER_MS);
        waiting.set(path, (said) => {
          if (said.includes(moment.text)) {
            told = true;
            return;
          }
          clearTimeout(late);
          resolve({ ms: performance.now() - began, text: said, told });
        });
      });
      const body = new URLSearchParams({
        ...{ command: '/vault', text, user_id: userId, channel_id: channelId, team_id: TEAM },
        ...{ response_url: `http://127.0.0.1:${port}${path}`, trigger_id: '1.1', api_app_id: 'A0BENCH' },
        ...{ user_name: 'bench', channel_name: 'bench', team_domain: 'bench', token: 'none' },
      }).toString();
      await fetch(`${botUrl}/slack/events`, {
        method: 'POST',
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          ...signed(body, { secret: signingSecret }),
        },
        body,
      });
      return answered.finally(() => waiting.delete(path));
    },
    close: () => void server.close(),
  };
}
