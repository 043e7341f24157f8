import type { Workspace } from '../../slack/page-api.ts';
import { unescapeText } from './mrkdwn.ts';

type Names = Pick<Workspace, 'people' | 'channels'>;

/** What a person typed, as Slack's client sends it: escaped, with mentions as ids. */
export function toSlack(typed: string, { people, channels }: Names): string {
  const escaped = typed.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
  return escaped
    .replace(/(?<![\w/@.])@([a-z0-9._-]+)/g, (whole, name: string) => {
      const found = people.find((one) => one.name === name);
      return found ? `<@${found.id}>` : whole;
    })
    .replace(/(?<![\w/#&])#([a-z0-9_-]+)/g, (whole, name: string) => {
      const found = channels.find((one) => one.name === name && one.kind === 'public');
      return found ? `<#${found.id}|${found.name}>` : whole;
    });
}

/** The other way: what the person sees when editing. */
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
