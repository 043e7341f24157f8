const DAY = 86_400_000;

function dayStart(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}

/** `Today`, `Yesterday` or `Tomorrow`, or null for any other day. */
function nearDay(at: number, now: number): string | null {
  const days = Math.round((dayStart(at) - dayStart(now)) / DAY);
  return days === 0 ? 'Today' : days === -1 ? 'Yesterday' : days === 1 ? 'Tomorrow' : null;
}

function show(at: number, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat('en-US', options).format(at);
}

export function timeOfDay(at: number): string {
  return show(at, { hour: 'numeric', minute: '2-digit' });
}

/** The divider above a day's messages. */
export function dayHeading(at: number, now: number): string {
  return nearDay(at, now) ?? show(at, { weekday: 'long', month: 'long', day: 'numeric' });
}

/** `just now`, `5 minutes ago`, … for thread summaries. */
export function ago(at: number, now: number): string {
  const minutes = Math.round((now - at) / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return minutes === 1 ? '1 minute ago' : `${minutes} minutes ago`;
  const near = nearDay(at, now);
  return `${near?.toLowerCase() ?? show(at, { month: 'short', day: 'numeric' })} at ${timeOfDay(at)}`;
}

/**
 * Draws Slack's date tokens (`{date_short_pretty} at {time}`) in the reader's own time zone.
 * Source: docs.slack.dev, messaging/formatting-message-text, "Date formatting".
 */
export function formatDate(format: string, at: number, now: number): string {
  return format.replace(/\{([a-z_]+)\}/g, (whole, token: string) => {
    const near = token.endsWith('_pretty') ? nearDay(at, now) : null;
    if (near) return format.startsWith(whole) ? near : near.toLowerCase();
    switch (token) {
      case 'date_num':
        return new Date(at - new Date(at).getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
      case 'date_slash':
        return show(at, { month: '2-digit', day: '2-digit', year: 'numeric' });
      case 'date':
      case 'date_pretty':
        return show(at, { month: 'long', day: 'numeric', year: 'numeric' });
      case 'date_short':
      case 'date_short_pretty':
        return show(at, { month: 'short', day: 'numeric', year: 'numeric' });
      case 'date_long':
      case 'date_long_pretty':
      case 'day_divider_pretty':
        return show(at, { weekday: 'long', month: 'long', day: 'numeric', year: 'numeric' });
      case 'time':
        return timeOfDay(at);
      case 'time_secs':
        return show(at, { hour: 'numeric', minute: '2-digit', second: '2-digit' });
      case 'ago':
        return ago(at, now);
      default:
        return whole;
    }
  });
}
