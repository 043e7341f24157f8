/** Slash commands: what a person typed becomes a request to the app. */
import { grantedScopes, seesChannel } from './access.ts';
import { PageError } from './errors.ts';
import { VERIFICATION_TOKEN } from './events.ts';
import { contextTeam, domainOf, enterpriseOf } from './organisation.ts';
import { OWN } from './own-commands.ts';
import { answerCommand, issueResponseUrl } from './response-url.ts';
import { commandText } from './typed.ts';
import type { World } from './world.ts';

/** Runs a command line such as `/vault list` for a person in a channel. Throws `PageError`. */
export async function runCommand(world: World, user: string, channelId: string, line: string): Promise<void> {
  const channel = world.state.channels.get(channelId);
  if (channel === undefined || !seesChannel(world, user, channelId))
    throw new PageError(404, 'channel_not_found');
  // A person who only looks into a public channel has no field to type in.
  if (!channel.members.includes(user)) throw new PageError(403, 'not_in_channel');
  const [, command = '', text = ''] = /^\s*(\/\S+)\s*(.*)$/s.exec(line) ?? [];
  if (Object.hasOwn(OWN, command)) {
    OWN[command]?.(world, user, channel, text.trim());
    return;
  }
  const known = world.app.manifest.features?.slash_commands?.find((one) => one.command === command);
  const allowed = grantedScopes(world).includes('commands');
  if (known === undefined || !allowed) throw new PageError(404, `${command || line} is not a valid command.`);
  const { appId } = world.state.identity;
  const teamId = contextTeam(world, channel.kind === 'im' ? { user } : { channel });
  const enterprise = enterpriseOf(world);
  const ack = await world.ask('slash_commands', {
    token: VERIFICATION_TOKEN,
    team_id: teamId,
    team_domain: domainOf(world, teamId),
    ...(enterprise === null ? {} : { enterprise_id: enterprise.id, enterprise_name: enterprise.name }),
    channel_id: channel.id,
    channel_name: channelName(channel),
    user_id: user,
    user_name: world.state.people.get(user)?.name ?? '',
    command,
    text: commandText(world, user, text.trim(), known.should_escape === true),
    api_app_id: appId,
    is_enterprise_install: String(enterprise !== null),
    response_url: issueResponseUrl(world, user, channel.id),
    trigger_id: world.triggers.issue({ user }),
  });
  if (!ack.ok) throw failed(ack.reason);
  if (!answerCommand(world, user, channel.id, ack.payload)) throw failed('invalid_command_response');
}

/** A command or click that failed; the message is Slack's word for why. */
export function failed(reason: string): PageError {
  return new PageError(reason === 'operation_timeout' ? 504 : 502, reason);
}

function channelName(channel: { kind: string; name: string }): string {
  if (channel.kind === 'im') return 'directmessage';
  return channel.kind === 'private' ? 'privategroup' : channel.name;
}
