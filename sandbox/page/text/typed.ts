import type { Workspace } from '../../slack/page-api.ts';
import { unescapeText } from './mrkdwn.ts';

const ROOMS = ['public', 'private'];

type Names = Pick<Workspace, 'people' | 'channels'>;

/** What a person typed, as Slack's client sends it: escaped, with mentions as ids. */
export function toSlack(typed: string, { people, channels }: Names): string {
  const escaped = typed.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
  return escaped
    .replace(/(?<![\w/@.])@([a-z0-9._-]+)/g, (whole, name: string) => {
      // `@ben.` ends a sentence; a name may hold a dot itself.
      const bare = name.replace(/[.-]+$/, '');
      const found = people.find((one) => one.name === name) ?? people.find((one) => one.name === bare);
      return found ? `<@${found.id}>${found.name === name ? '' : name.slice(bare.length)}` : whole;
    })
    .replace(/(?<![\w/#&])#([a-z0-9_-]+)/g, (whole, name: string) => {
      const found = channels.find((one) => one.name === name && ROOMS.includes(one.kind));
      // People outside a private channel do not get its name.
      return found ? `<#${found.id}|${found.kind === 'public' ? found.name : ''}>` : whole;
    });
}

/** The reverse: what the person sees when editing. */
export function toTyped(text: string, { people, channels }: Names): string {
  const named = text
    .replace(/<@([UW][A-Z0-9]+)(?:\|[^>]*)?>/g, (whole, id: string) => {
      const found = people.find((one) => one.id === id);
      return found ? `@${found.name}` : whole;
    })
    .replace(/<#([CG][A-Z0-9]+)(?:\|[^>]*)?>/g, (whole, id: string) => {
      const found = channels.find((one) => one.id === id);
      return found ? `#${found.name}` : whole;
    });
  return unescapeText(named);
}
