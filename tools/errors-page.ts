/** Writes docs/errors.md: `npm run docs:errors`. A test says so when it is out of date. */
import { writeFileSync } from 'node:fs';
import { readRefusals } from './refusals.ts';
import { REMEDIES } from './remedies.ts';

const PAGE = new URL('../docs/errors.md', import.meta.url);

const HEAD = `# What the bot says when it cannot

Each refusal has a code. People read the sentence; the log has the code beside it (\`"code":"no_such_file"\`). A name in ‹›
stands for what is filled in. One code may have several sentences, for the places where it comes up.

\`npm run docs:errors\` makes this page from \`src/refusals\`, and a test holds the two together: change the sentence there.
A file that cannot be captured has reasons of its own: *Details*, \`/vault status\` and App Home show them
([what is promised](guarantees.md)).

| code | what the person reads | what to do |
| --- | --- | --- |
`;

/** The whole page as it should be. */
export async function errorsPage(): Promise<string> {
  const lines = (await readRefusals()).map(
    ({ code, sentence }) =>
      `| \`${code}\` | ${cell(sentence)} | ${cell(REMEDIES[code] ?? 'What the sentence says.')} |`,
  );
  return `${HEAD}${[...new Set(lines)].join('\n')}\n`;
}

const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

if (import.meta.main) writeFileSync(PAGE, await errorsPage());
