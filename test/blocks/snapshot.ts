import { expect } from 'vitest';
import { expectMessage, expectView } from './block-kit-rules.ts';

/** Checks a message against Slack's limits and `screens/<name>.json`, which can be pasted into Block Kit Builder. */
export async function expectScreen(
  name: string,
  message: { text: string; blocks: unknown[] },
): Promise<void> {
  expectMessage(message);
  await expect(asJson(message)).toMatchFileSnapshot(`screens/${name}.json`);
}

/** The same for a modal or App Home. */
export async function expectScreenView(name: string, view: unknown): Promise<void> {
  expectView(view);
  await expect(asJson(view)).toMatchFileSnapshot(`screens/${name}.json`);
}

/** All mrkdwn and plain text of a payload, one piece a line. */
export function wordsOf(payload: unknown): string {
  const words: string[] = [];
  JSON.stringify(payload, (key, value) => {
    if (key === 'text' && typeof value === 'string') words.push(value);
    return value;
  });
  return words.join('\n');
}

function asJson(payload: unknown): string {
  return `${JSON.stringify(payload, null, 2)}\n`;
}
