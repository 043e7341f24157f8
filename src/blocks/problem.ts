import { context, type Screen, section } from './kit/elements.ts';
import { cutEnd } from './kit/limits.ts';
import { code as codeSpan, escapeMrkdwn } from './kit/mrkdwn.ts';
import { problem as words } from './text/wording.ts';

/** An error as one sentence, with a short code in small text for people who read the log. */
export function problemScreen({ message, code }: { message: string; code?: string | null }): Screen {
  const text = problemText(message);
  return {
    text,
    blocks: [section(`:warning: ${text}`), ...(code ? [context(words.code(codeSpan(code, 60)))] : [])],
  };
}

/** A sentence from elsewhere, made safe and never empty. Backticks around commands stay. */
export function problemText(message: string): string {
  const sentence = message.toWellFormed().replace(/\s+/g, ' ').trim();
  return escapeMrkdwn(cutEnd(sentence === '' ? words.unknown : sentence, 500));
}
