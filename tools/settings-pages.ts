/** Writes `.env.example` and `docs/settings.md`: `npm run docs:settings`. A test says so when they are out of date. */
import { writeFileSync } from 'node:fs';
import type { Setting } from '../src/setting.ts';
import { SECRETS, SETTINGS } from '../src/settings.ts';

/** Both pages as they should be, by their path in the project. */
export function settingsPages(): Record<string, string> {
  return { '.env.example': envExample(), 'docs/settings.md': settingsPage() };
}

const ENV_HEAD = `# Settings of RIA Vault: copy this file to .env and fill in the first three. What stands behind a # keeps its default, which
# is shown, or an example. docs/settings.md says the same with links. \`npm run docs:settings\` makes this file.
#
# Secrets may stand in files of their own: SLACK_BOT_TOKEN_FILE=/run/secrets/slack_bot_token in place of SLACK_BOT_TOKEN.
`;

function envExample(): string {
  const topics = SETTINGS.map(({ topic, settings }, place) => {
    const lines = settings.map((setting) => {
      const needed = place === 0;
      const value = needed ? '' : (setting.standard ?? setting.example ?? '');
      return `${comment(`${setting.about}.`)}\n${needed ? '' : '# '}${setting.name}=${value}\n`;
    });
    return `\n## ${topic}\n\n${lines.join('\n')}`;
  });
  return ENV_HEAD + topics.join('');
}

/** Markdown as a comment of plain text, in lines of at most 120. */
function comment(markdown: string): string {
  const plain = markdown
    // What stands in brackets by itself says where to read on.
    .replace(/\(\[([^\]]+)\]\(([\w./-]+\.md)[^)]*\)\)/g, '($1: docs/$2)')
    .replace(/\[([^\]]+)\]\([^)]+\)/g, '$1')
    .replaceAll('`', '');
  const lines = plain.replace(/(.{1,117})(?: |$)/g, '$1\n').trimEnd();
  return lines.replace(/^/gm, '# ');
}

const HEAD = `# Settings

Everything is an environment variable; only the first three have no default. They may stand in a file \`.env\`, which the bot
and every command line (\`npm run verify\` and the others) read from the current folder, or from where \`VAULT_ENV_FILE\` says.
What is set in the environment wins. [\`.env.example\`](../.env.example) is such a file with all of them. Anything wrong is told
in one sentence that names the setting, and the process ends with code 2.

\`npm run docs:settings\` makes this page and that file from \`src/settings.ts\`; a test holds them together, and the defaults to
what the code does.

## Secrets in files

A setting that is marked 🔑 may stand in a file of its own, as Docker, Kubernetes and systemd hand secrets over: \`<name>_FILE\`
is its path, such as \`SLACK_BOT_TOKEN_FILE=/run/secrets/slack_bot_token\`. The file holds the secret alone, on one line; the line
break at its end does not count. It is read once, at the start. Set either the variable or the file. Those are
${SECRETS.map((name) => `\`${name}_FILE\``).join(', ')}.
`;

const TAIL = `
## HTTP instead of Socket Mode

Set \`SLACK_SIGNING_SECRET\` (and no app token), switch Socket Mode off in the app, and point *Event Subscriptions*,
*Interactivity* and the slash command at \`https://your-host/slack/events\`. A reverse proxy may put a path before it
(\`https://your-host/vault/slack/events\`). [\`manifest.http.json\`](../manifest.http.json) is the app with all of that: put your
host in the three places where it says \`your-host\`.
`;

function settingsPage(): string {
  const topics = SETTINGS.map(({ topic, settings }) => {
    const rows = settings.map(row).join('\n');
    return `\n## ${topic}\n\n| variable | default | what it does |\n|---|---|---|\n${rows}\n`;
  });
  return HEAD + topics.join('') + TAIL;
}

function row({ name, standard, otherwise, secret, about }: Setting): string {
  const shown = standard === undefined ? (otherwise ?? '') : `\`${standard}\``;
  return `| \`${name}\`${secret ? ' 🔑' : ''} | ${shown} | ${about} |`;
}

if (import.meta.main)
  for (const [path, text] of Object.entries(settingsPages()))
    writeFileSync(new URL(`../${path}`, import.meta.url), text);
