import { context, type Screen, section } from './kit/elements.ts';
import { cutEnd } from './kit/limits.ts';
import { code as codeSpan, escapeMrkdwn } from './kit/mrkdwn.ts';
import { problem as words } from './text/wording.ts';

/** A failure has a short code in small print, for people who read the log; a refusal (a usage mistake, too) has none. */
interface ProblemInput {
  message: string;
  code?: string | null;
  isRefusal?: boolean;
}

/** An error as one sentence. */
export function problemScreen({ message, code, isRefusal = false }: ProblemInput): Screen {
  const text = problemText(message);
  return {
    text,
    blocks: [
      section(`:warning: ${text}`),
      ...(code && !isRefusal ? [context(words.code(codeSpan(code, 60)))] : []),
    ],
  };
}

/**
 * A sentence from elsewhere, made safe and never empty. Backticks around commands stay, and links to channels, which notify
 * nobody and show their name only to those who may know it.
 */
export function problemText(message: string): string {
  const sentence = message.toWellFormed().replace(/\s+/g, ' ').trim();
  const safe = escapeMrkdwn(cutEnd(sentence === '' ? words.unknown : sentence, 500));
  return safe.replace(/&lt;(#[CG][A-Z0-9]{1,30})&gt;/g, '<$1>');
}
